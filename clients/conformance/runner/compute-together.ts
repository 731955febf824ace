import { setTimeout as pause } from 'node:timers/promises';
import { Driver } from './driver.ts';
import { PlainClient } from './plain-client.ts';
import { ConformanceServer } from './server.ts';

/** A client of one language in a process of its own. */
interface Process {
  readonly language: string;
  readonly driver: Driver;
  readonly origin: string;
}

const PROCESSES = 3;
const CALLERS = 1000;
const NAMESPACE = 'together';
const COMPUTE = { name: 'f', value: { json: 'computed' }, gate: 'g' };
/** Milliseconds for which one caller waits, at most; a driver has a little longer to answer all of its callers. */
const WAIT_MS = 60_000;
const ANSWER_MS = 90_000;
const LOOK_AGAIN_MS = 50;

/**
 * Asks for one missing key from a thousand callers in three processes of as many languages as there are. Returns why more
 * or less than one of them computed it, or who got something else; undefined if all is well.
 *
 * @param drivers the executable of each language; three at most are used, and one more than once where there are fewer
 */
export async function computeTogether(drivers: ReadonlyMap<string, string>): Promise<string | undefined> {
  await using open = new AsyncDisposableStack();
  const server = new ConformanceServer();
  open.defer(() => server.close());
  await server.start();
  const plain = new PlainClient(server.address);
  open.defer(() => plain.close());
  await plain.createNamespace(NAMESPACE, {});
  const languages = [...drivers.keys()];
  const processes: Process[] = [];
  for (let index = 0; index < PROCESSES; index++) {
    const language = languages[index % languages.length]!;
    const driver = new Driver([drivers.get(language)!]);
    open.defer(() => driver.close());
    processes.push({ language, driver, origin: await openClient(driver, server.address) });
  }
  const asking = processes.map(({ driver }, index) => ask(driver, callersOf(index)));
  await untilAllAsked(plain, processes);
  await Promise.all(processes.map(({ driver }) => driver.send({ do: 'release', gate: COMPUTE.gate }).answer));
  return (await complaintOf(processes, await Promise.all(asking))) ?? undefined;
}

async function openClient(driver: Driver, address: string): Promise<string> {
  await driver.hello();
  const command = { do: 'open', client: 'a', targets: [address], namespace: NAMESPACE, deadlineMs: WAIT_MS / 2 };
  const { ok, error } = await driver.send(command).answer;
  if (error !== undefined) throw new Error(`no client: ${JSON.stringify(error)}`);
  return (ok as { origin: string }).origin;
}

function callersOf(process: number): number {
  return Math.floor(((process + 1) * CALLERS) / PROCESSES) - Math.floor((process * CALLERS) / PROCESSES);
}

/** Begins so many callers in a process. Returns what each of them got. */
async function ask(driver: Driver, callers: number): Promise<unknown[]> {
  const command = { do: 'get_or_compute', client: 'a', key: 'k', ttlMs: 600_000, waitMs: WAIT_MS, compute: COMPUTE };
  const commands = Array.from({ length: callers }, () => command);
  const { ok, error } = await driver.send({ do: 'parallel', commands }, ANSWER_MS).answer;
  if (error !== undefined) throw new Error(`no answers: ${JSON.stringify(error)}`);
  return ok as unknown[];
}

// Nothing is computed to its end before that, so no process comes late and finds a value.
async function untilAllAsked(plain: PlainClient, processes: readonly Process[]): Promise<void> {
  const endMs = performance.now() + WAIT_MS;
  for (;;) {
    const calls = (await plain.calls(NAMESPACE, 'Get')) as { readonly metadata: Readonly<Record<string, unknown>> }[];
    const asked = new Set(calls.map(({ metadata }) => metadata['reprise-origin']));
    if (processes.every(({ origin }) => asked.has(origin))) return;
    if (performance.now() > endMs) throw new Error(`only ${asked.size} of ${processes.length} processes have asked`);
    await pause(LOOK_AGAIN_MS);
  }
}

async function complaintOf(processes: readonly Process[], answers: readonly unknown[][]): Promise<string | undefined> {
  const computed = await Promise.all(
    processes.map(async ({ driver }) => {
      const { ok } = await driver.send({ do: 'computed', compute: COMPUTE.name }).answer;
      return (ok as { begun: number }).begun;
    }),
  );
  const names = processes.map(({ language }) => language).join(', ');
  if (computed.reduce((sum, each) => sum + each, 0) !== 1) return `computed ${computed.join(', ')} times in ${names}`;
  const wrong = answers.flat().find((answer) => !isComputed(answer));
  return wrong === undefined ? undefined : `a caller got ${JSON.stringify(wrong)}`;
}

function isComputed(answer: unknown): boolean {
  const { ok } = answer as { readonly ok?: { readonly kind: string; readonly value?: { readonly json?: unknown } } };
  return ok?.kind === 'hit' && ok.value?.json === COMPUTE.value.json;
}
