import { subscribePath, subscribeRequest } from '../stream/subscribe-request.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { ResponseReader } from '../wire/response-reader.ts';

/** What a connection takes of each stream unasked (RFC 9113 § 6.9.2). */
const WINDOW_BYTES = 65_535;

interface Stalled {
  readonly streamId: number;
  isOpen: boolean;
  wasReset: boolean;
  lastKey: number;
}

/** Subscribers whose programs have stopped reading; their HTTP/2 still answers pings. */
export class StalledSubscribers implements Disposable {
  readonly #connection: GrpcConnection;
  readonly #all: Stalled[] = [];

  private constructor(connection: GrpcConnection) {
    this.#connection = connection;
  }

  /** Opens so many streams. */
  static async open(address: string, namespace: string, count: number): Promise<StalledSubscribers> {
    const opened = new StalledSubscribers(await GrpcConnection.open({ address, streamWindowBytes: WINDOW_BYTES }));
    for (let n = 0; n < count; n += 1) opened.#open(namespace);
    return opened;
  }

  /** True if all streams have begun. */
  get areOpen(): boolean {
    return this.#all.every(({ isOpen }) => isOpen);
  }

  /** How many were told a Reset. */
  get resets(): number {
    return this.#all.filter(({ wasReset }) => wasReset).length;
  }

  /** Returns how many had this key's change last. */
  upToDate(keyNumber: number): number {
    return this.#all.filter(({ lastKey }) => lastKey === keyNumber).length;
  }

  /** Lets them read again. */
  readAgain(): void {
    for (const { streamId } of this.#all) this.#connection.openWindow(streamId);
  }

  [Symbol.dispose](): void {
    this.#connection.close();
  }

  #open(namespace: string): void {
    const reader = new ResponseReader();
    const state = { isOpen: false, wasReset: false, lastKey: Number.NaN };
    const streamId = this.#connection.call(subscribePath, subscribeRequest(namespace, []), {
      message(bytes) {
        const kind = reader.read(bytes, (keyNumber) => {
          state.lastKey = keyNumber;
        });
        if (kind === 'ready') state.isOpen = true;
        if (kind === 'reset') state.wasReset = true;
      },
      ended() {
        throw new Error('the server ended the stream of a stalled subscriber');
      },
    });
    this.#all.push(Object.assign(state, { streamId }));
  }
}
