import type { Clock } from '../../src/base/clock.ts';
import { CacheServiceService, SetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import { setRequest } from '../demo/remote-cache.ts';
import type { GrpcConnection } from '../wire/grpc-connection.ts';
import { keyCount, keyOf, type StreamLoad } from './load.ts';

/** What a writer works with. */
export interface ChangeWriterParts {
  readonly connection: GrpcConnection;
  readonly clock: Clock;
  readonly load: StreamLoad;
  /** Tells whether subscribers are so far behind that the writer in a closed loop must wait. */
  readonly mustWait: () => boolean;
}

/** Milliseconds between two looks at what is due, or at whether subscribers have caught up. */
const TURN_MS = 1;
/** Sets under way at the same time, below what the server allows on a connection. */
const IN_FLIGHT_MAX = 200;
const path = CacheServiceService.set.path;
const value = Buffer.alloc(100, 'v');

/** Makes changes: Sets of 100 bytes over one connection, so that they happen in the order in which they were sent. */
export class ChangeWriter {
  readonly #parts: ChangeWriterParts;
  /** When each change was sent, by its number modulo `keyCount`. */
  readonly #sentAtMs = new Float64Array(keyCount);
  #sent = 0;
  #answered = 0;
  #failed = 0;
  /** The paced writer had too much under way to send what was due. */
  #heldBack = false;
  #stopped = false;

  constructor(parts: ChangeWriterParts) {
    this.#parts = parts;
  }

  /** Changes sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Changes answered. */
  get answered(): number {
    return this.#answered;
  }

  /** Changes that were refused. */
  get failed(): number {
    return this.#failed;
  }

  /** Returns when one of the last `keyCount` changes was sent, in milliseconds of the monotonic clock. */
  sentAtMs(change: number): number {
    return this.#sentAtMs[change % keyCount]!;
  }

  /** Begins to write. */
  start(): void {
    const { load, clock } = this.#parts;
    const { writing } = load;
    if (writing.kind === 'paced') this.#sendDue(clock.monotonicMs(), writing.changesPerSecond);
    else for (let n = 0; n < writing.inFlight; n += 1) this.#sendNext();
  }

  /** Sends no more. */
  stop(): void {
    this.#stopped = true;
  }

  #sendNext(): void {
    if (this.#stopped) return;
    const { mustWait, clock } = this.#parts;
    if (mustWait()) clock.startTimer(TURN_MS, () => this.#sendNext());
    else this.#send(clock.monotonicMs(), () => this.#sendNext());
  }

  /** What was held back counts from when it was due, so that a server that stalls is not spared. */
  #sendDue(beganMs: number, changesPerSecond: number): void {
    if (this.#stopped) return;
    const { clock } = this.#parts;
    const dueMs = (change: number): number => beganMs + (change * 1000) / changesPerSecond;
    const nowMs = clock.monotonicMs();
    while (dueMs(this.#sent) <= nowMs && this.#sent - this.#answered - this.#failed < IN_FLIGHT_MAX) {
      this.#send(this.#heldBack ? dueMs(this.#sent) : clock.monotonicMs(), () => undefined);
    }
    this.#heldBack = dueMs(this.#sent) <= nowMs;
    clock.startTimer(TURN_MS, () => this.#sendDue(beganMs, changesPerSecond));
  }

  #send(atMs: number, answered: () => void): void {
    const { connection, load } = this.#parts;
    const change = this.#sent++;
    const request = SetRequest.encode(setRequest('', keyOf(change, load), value)).finish();
    let hasMessage = false;
    this.#sentAtMs[change % keyCount] = atMs;
    connection.call(path, request, {
      message: () => {
        hasMessage = true;
      },
      ended: () => {
        if (hasMessage) this.#answered += 1;
        else this.#failed += 1;
        answered();
      },
    });
  }
}
