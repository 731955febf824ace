import type { Clock, Timer } from '../../base/clock.ts';
import type { Log } from '../../telemetry/log.ts';
import type { WorkerMetrics } from './merge-metrics.ts';
import type { FromWorker, WorkerProcess } from './worker-messages.ts';

/** What a pool is made of. */
export interface WorkerPoolParts {
  readonly count: number;
  /** Starts the process of a worker; numbers begin with 1. */
  readonly fork: (worker: number) => WorkerProcess;
  readonly clock: Clock;
  readonly log: Log;
  /** Told once, when all workers serve for the first time. */
  readonly onServing: (port: number) => void;
  /** Told once: the workers can't be kept running. `code` is what the process should exit with. */
  readonly onGaveUp: (code: number) => void;
}

/** Milliseconds before a worker is started again: twice as long each time, and at most. */
const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 10_000;
/** Milliseconds after which a worker has run well: its next end is the first. */
const STEADY_MS = 30_000;
/** Ends in a row, the last of them before the worker served, from which on it is not started again. */
const FAILURES_MAX = 5;
const SCRAPE_MS_MAX = 2000;
const START_FAILED = 1;

type State = 'starting' | 'ready' | 'waiting' | 'ended';

interface Slot {
  readonly worker: number;
  state: State;
  process: WorkerProcess | undefined;
  startedAtMs: number;
  failures: number;
  backoff: Timer | undefined;
}

/** Keeps the workers of a node's machine running: starts them again when they end, and ends them together. */
export class WorkerPool {
  readonly #parts: WorkerPoolParts;
  readonly #slots: readonly Slot[];
  readonly #scrapes = new Map<number, (text: string) => void>();
  readonly #drained = Promise.withResolvers<boolean>();
  #nextScrape = 0;
  #hasServed = false;
  #isEnding = false;
  #clean = true;

  constructor(parts: WorkerPoolParts) {
    this.#parts = parts;
    this.#slots = Array.from({ length: parts.count }, (_, index) => ({
      ...{ worker: index + 1, state: 'waiting' as State, process: undefined },
      ...{ startedAtMs: 0, failures: 0, backoff: undefined },
    }));
  }

  /** Why the machine should not be sent calls; undefined while all workers serve. */
  get notReadyBecause(): string | undefined {
    if (this.#isEnding) return 'draining';
    const missing = this.#slots.filter(({ state }) => state !== 'ready').map(({ worker }) => worker);
    return missing.length === 0 ? undefined : `workers that do not serve: ${missing.join(', ')}`;
  }

  /** Starts all workers. */
  start(): void {
    for (const slot of this.#slots) this.#begin(slot);
  }

  /** Lets all workers answer what they have begun, and end. Returns true if all ended well. */
  drain(): Promise<boolean> {
    this.#isEnding = true;
    for (const slot of this.#slots) {
      slot.backoff?.stop();
      if (slot.process === undefined) slot.state = 'ended';
      // One that has not served yet has nothing to finish.
      else if (slot.state === 'starting') slot.process.kill('SIGKILL');
      else slot.process.send({ kind: 'drain' });
    }
    this.#settle();
    return this.#drained.promise;
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#isEnding = true;
    for (const { backoff, process } of this.#slots) {
      backoff?.stop();
      process?.kill('SIGKILL');
    }
  }

  /** Asks all workers that serve for their metrics. One that does not answer within 2 s is left out. */
  async scrape(): Promise<readonly WorkerMetrics[]> {
    const serving = this.#slots.filter(({ state }) => state === 'ready');
    const answers = await Promise.all(serving.map((slot) => this.#scrapeOne(slot)));
    return answers.filter((answer) => answer !== undefined);
  }

  #begin(slot: Slot): void {
    const process = this.#parts.fork(slot.worker);
    Object.assign(slot, { process, state: 'starting', startedAtMs: this.#parts.clock.monotonicMs() });
    process.onMessage((message) => this.#heard(slot, message));
    process.onExit((code) => this.#exited(slot, code));
  }

  #heard(slot: Slot, message: FromWorker): void {
    if (message.kind === 'scraped') {
      this.#scrapes.get(message.id)?.(message.text);
      return;
    }
    slot.state = 'ready';
    this.#parts.log.write('workerServes', { worker: slot.worker, pid: slot.process!.pid });
    if (this.#hasServed || this.notReadyBecause !== undefined) return;
    this.#hasServed = true;
    this.#parts.onServing(message.port);
  }

  #exited(slot: Slot, code: number | undefined): void {
    const { clock, log } = this.#parts;
    const wasStarting = slot.state === 'starting';
    const livedMs = clock.monotonicMs() - slot.startedAtMs;
    slot.process = undefined;
    slot.state = this.#isEnding ? 'ended' : 'waiting';
    if (this.#isEnding) {
      this.#clean &&= wasStarting || code === 0;
      this.#settle();
      return;
    }
    slot.failures = !wasStarting && livedMs >= STEADY_MS ? 1 : slot.failures + 1;
    const isHopeless = wasStarting && (!this.#hasServed || slot.failures >= FAILURES_MAX);
    const backoffMs = Math.min(BACKOFF_MS * 2 ** (slot.failures - 1), BACKOFF_MS_MAX);
    log.write('workerEnded', { worker: slot.worker, code: code ?? -1, livedMs: Math.round(livedMs), backoffMs });
    if (isHopeless) this.#giveUp(slot, code);
    else slot.backoff = clock.startTimer(backoffMs, () => this.#begin(slot));
  }

  #giveUp({ worker, failures }: Slot, code: number | undefined): void {
    this.#parts.log.write('workersGaveUp', { worker, failures });
    void this.drain().then(() => this.#parts.onGaveUp(code === undefined || code === 0 ? START_FAILED : code));
  }

  #settle(): void {
    if (this.#slots.every(({ state }) => state === 'ended')) this.#drained.resolve(this.#clean);
  }

  async #scrapeOne({ worker, process }: Slot): Promise<WorkerMetrics | undefined> {
    const id = this.#nextScrape++;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    this.#scrapes.set(id, resolve);
    const tooLate = this.#parts.clock.startTimer(SCRAPE_MS_MAX, () => resolve(undefined));
    process!.send({ kind: 'scrape', id });
    const text = await promise;
    tooLate.stop();
    this.#scrapes.delete(id);
    return text === undefined ? undefined : { worker, text };
  }
}
