import { cores } from '../contestants/contestant.ts';
import { workload } from '../contestants/workload.ts';
import { type Answer, type Sample, sampleOf } from './answers.ts';
import { type Measurement, measurementsOf } from './commands.ts';
import { Driver } from './driver.ts';
import { type LanguageName, languages } from './languages.ts';
import type { ClientsOptions } from './options.ts';
import { type ClientsServers, openServers } from './servers.ts';

/** Samples by measurement, one a round, in the same order for all. */
export type LanguageSamples = ReadonlyMap<string, readonly Sample[]>;
/** Samples of every language that was measured. */
export type ClientsMeasured = ReadonlyMap<LanguageName, LanguageSamples>;

/** How clients are measured, and who hears of it. */
export interface MeasureClientsOptions extends ClientsOptions {
  /** The drivers' commands. */
  readonly commands: ReadonlyMap<LanguageName, readonly string[]>;
  readonly signal: AbortSignal;
  /** Told every sample; round 0 warms up and is not counted. */
  readonly onSample: (launch: number, round: number, name: string, sample: Sample) => void;
  /** Told why a measurement failed that is now tried again, once, in a new process. */
  readonly onFailure: (name: string, error: unknown) => void;
}

/** Measures all clients in launch after launch, one language after the other. */
export async function measureClients(options: MeasureClientsOptions): Promise<ClientsMeasured> {
  const measured = new Map<LanguageName, Map<string, Sample[]>>();
  for (let launch = 1; launch <= options.launches; launch += 1) {
    await using stack = new AsyncDisposableStack();
    const servers = await openServers(stack);
    for (const [name, command] of options.commands) {
      const samples = measured.get(name) ?? new Map<string, Sample[]>();
      measured.set(name, samples);
      await measureLanguage({ options, launch, servers, name, command, samples });
    }
  }
  return measured;
}

interface Launched {
  readonly options: MeasureClientsOptions;
  readonly launch: number;
  readonly servers: ClientsServers;
  readonly name: LanguageName;
  readonly command: readonly string[];
  readonly samples: Map<string, Sample[]>;
}

async function measureLanguage({ options, launch, servers, name, command, samples }: Launched): Promise<void> {
  const { hasNear } = languages[name];
  const measurements = measurementsOf({ hasNear, hasTtlCache: name === 'python' });
  await using driver = new PatientDriver(command, (error) => options.onFailure(name, error));
  for (let round = 0; round <= options.rounds; round += 1) {
    for (const measurement of measurements) {
      options.signal.throwIfAborted();
      const work = workOf(measurement, servers, options.seconds);
      const sample = sampleOf(await driver.ask(work, work.seconds));
      options.onSample(launch, round, `${name}.${measurement.id}`, sample);
      if (round > 0) samples.set(measurement.id, [...(samples.get(measurement.id) ?? []), sample]);
    }
  }
}

/** A driver that is replaced when a measurement fails: on a machine that stalls, calls run out of time. */
class PatientDriver implements AsyncDisposable {
  readonly #command: readonly string[];
  readonly #onFailure: (error: unknown) => void;
  #driver: Driver;

  constructor(command: readonly string[], onFailure: (error: unknown) => void) {
    this.#command = command;
    this.#onFailure = onFailure;
    this.#driver = new Driver(command, cores.load);
  }

  /** Asks once, and once more where that fails. Rejects if both do. */
  async ask(work: object, seconds: number): Promise<Answer> {
    try {
      return await this.#driver.ask(work, seconds);
    } catch (error) {
      this.#onFailure(error);
      await this.#driver[Symbol.asyncDispose]();
      this.#driver = new Driver(this.#command, cores.load);
      return await this.#driver.ask(work, seconds);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver[Symbol.asyncDispose]();
  }
}

/** Changes come at a pace: to have as many samples takes longer. */
const CHANGES_TIMES = 3;

function workOf({ do: work, who, at, callers = 1, rate = 0 }: Measurement, servers: ClientsServers, one: number) {
  const seconds = work === 'changes' ? one * CHANGES_TIMES : one;
  const address = servers[at ?? 'reprise'];
  const { namespace, keys, value } = workload;
  return { do: work, who, address, namespace, keys, valueBytes: value.length, seconds, callers, rate };
}
