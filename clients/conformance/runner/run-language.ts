import { Driver } from './driver.ts';
import { PlainClient } from './plain-client.ts';
import type { Result } from './report.ts';
import { runScenario } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import { ConformanceServer } from './server.ts';

/** What the scenarios are run on. */
export interface LanguageParts {
  readonly language: string;
  /** The driver's executable. */
  readonly driverFile: string;
  /** Why scenarios are known to fail, by "family: name". */
  readonly known: Readonly<Record<string, string>>;
  /** How many run beside each other, each lane with a server and a driver of its own. */
  readonly lanes: number;
  /** Told of each result as it comes. */
  readonly onResult: (result: Result, log: string) => void;
}

/** Runs scenarios on the client of one language. Returns their results in the order in which they came. */
export async function runLanguage(parts: LanguageParts, scenarios: readonly Scenario[]): Promise<Result[]> {
  const queue = scenarios.entries();
  const results: Result[] = [];
  const lane = async (): Promise<void> => {
    await using open = await openLane(parts);
    // One queue for all lanes: who is done takes the next.
    for (const [index, scenario] of queue) results.push(await laneResult(parts, open, scenario, index));
  };
  await Promise.all(Array.from({ length: Math.min(parts.lanes, scenarios.length) }, lane));
  return results;
}

interface Lane extends AsyncDisposable {
  readonly server: ConformanceServer;
  /** Another one once it has ended: what breaks it is one scenario's failure. */
  driver: Driver;
  readonly features: readonly string[];
}

async function openLane({ driverFile }: LanguageParts): Promise<Lane> {
  const server = new ConformanceServer();
  const driver = new Driver([driverFile]);
  const close = async (lane: Pick<Lane, 'driver'>): Promise<void> => {
    await lane.driver.close();
    await server.close();
  };
  try {
    await server.start();
    const features = await driver.hello();
    const lane: Lane = { server, driver, features, [Symbol.asyncDispose]: () => close(lane) };
    return lane;
  } catch (error) {
    await close({ driver });
    throw error;
  }
}

async function laneResult(parts: LanguageParts, lane: Lane, scenario: Scenario, index: number): Promise<Result> {
  const { family, name, needs } = scenario;
  const of = { language: parts.language, family, name };
  if (needs.some((feature) => !lane.features.includes(feature))) return { ...of, verdict: 'undeclared', tookMs: 0 };
  if (lane.driver.hasEnded) lane.driver = new Driver([parts.driverFile]);
  const { driver, server } = lane;
  driver.takeLog();
  const plain = new PlainClient(server.address);
  const begunMs = performance.now();
  const complaint = await runScenario({ driver, server, plain, namespace: `s${index}` }, scenario);
  plain.close();
  const tookMs = Math.round(performance.now() - begunMs);
  const result = { ...of, ...judged(complaint, parts.known[`${family}: ${name}`]), tookMs };
  parts.onResult(result, driver.takeLog());
  return result;
}

function judged(complaint: string | undefined, known: string | undefined): Pick<Result, 'verdict' | 'complaint'> {
  if (known === undefined) return complaint === undefined ? { verdict: 'passed' } : { verdict: 'failed', complaint };
  if (complaint !== undefined) return { verdict: 'known' };
  return { verdict: 'failed', complaint: 'it passes now: take it from known-failures.yaml' };
}
