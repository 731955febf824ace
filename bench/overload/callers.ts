import type { Clock } from '../../src/base/clock.ts';
import type { GrpcConnection } from '../wire/grpc-connection.ts';

/** A call that is made again and again. */
export interface RepeatedCall {
  readonly path: string;
  readonly request: Buffer;
}

/** How a call ended. */
export type CallEnd = 'answered' | 'refused' | 'given up';

/** Hears how each call ended: milliseconds since it was sent, and since its caller wanted to send it. */
export type OnEnd = (end: CallEnd, sentMs: number, wantedMs: number) => void;

/** Milliseconds that a caller waits for its connection to take a call. */
const PATIENCE_MS = 1000;

/**
 * Callers that behave as gRPC clients do: a connection carries as many calls as the server allows, others wait, in
 * order, until one has ended or their patience has.
 */
export class Callers {
  readonly #connections: readonly GrpcConnection[];
  readonly #call: RepeatedCall;
  readonly #clock: Clock;
  readonly #waiting: number[] = [];
  #waitingFrom = 0;
  #onEnd: OnEnd = () => {};

  constructor(connections: readonly GrpcConnection[], call: RepeatedCall, clock: Clock) {
    this.#connections = connections;
    this.#call = call;
    this.#clock = clock;
  }

  /** Calls that were sent and have not ended. */
  get open(): number {
    return this.#connections.reduce((sum, { streams }) => sum + streams.open, 0);
  }

  /** Says who hears from now on how calls end. */
  listen(onEnd: OnEnd): void {
    this.#onEnd = onEnd;
  }

  /** Makes calls, each at the time given by `wantedAtMs`, as many as there is room for; the others wait. */
  make(count: number, wantedAtMs: (index: number) => number): void {
    for (let index = 0; index < count; index += 1) this.#waiting.push(wantedAtMs(index));
    for (const connection of this.#connections) connection.together(() => this.#fill(connection));
    this.#giveUp();
  }

  #fill(connection: GrpcConnection): void {
    // A share for each connection, so that the first does not take all.
    const share = Math.ceil((this.#waiting.length - this.#waitingFrom) / this.#connections.length);
    for (let sent = 0; sent < share && this.#hasRoom(connection); sent += 1) this.#sendNext(connection);
  }

  #hasRoom({ streams }: GrpcConnection): boolean {
    return streams.open < streams.max && this.#waitingFrom < this.#waiting.length;
  }

  #sendNext(connection: GrpcConnection): void {
    this.#giveUp();
    const wantedAtMs = this.#waiting[this.#waitingFrom];
    if (wantedAtMs === undefined) return;
    this.#waitingFrom += 1;
    this.#send(connection, wantedAtMs);
  }

  #send(connection: GrpcConnection, wantedAtMs: number): void {
    const sentAtMs = this.#clock.monotonicMs();
    let isAnswered = false;
    connection.call(this.#call.path, this.#call.request, {
      message: () => {
        isAnswered = true;
      },
      ended: () => {
        const nowMs = this.#clock.monotonicMs();
        this.#onEnd(isAnswered ? 'answered' : 'refused', nowMs - sentAtMs, nowMs - wantedAtMs);
        if (this.#hasRoom(connection)) this.#sendNext(connection);
      },
    });
  }

  #giveUp(): void {
    const nowMs = this.#clock.monotonicMs();
    while (this.#waitingFrom < this.#waiting.length && nowMs - this.#waiting[this.#waitingFrom]! > PATIENCE_MS) {
      this.#onEnd('given up', 0, nowMs - this.#waiting[this.#waitingFrom]!);
      this.#waitingFrom += 1;
    }
    if (this.#waitingFrom < 10_000) return;
    this.#waiting.splice(0, this.#waitingFrom);
    this.#waitingFrom = 0;
  }
}
