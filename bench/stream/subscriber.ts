import type { CallListener } from '../wire/grpc-connection.ts';
import { type ResponseKind, ResponseReader } from '../wire/response-reader.ts';

/** What many subscribers have received together. */
export class Receipts {
  deliveries = 0;
  /** Messages with events in them. */
  messages = 0;
  /** Events that were not the next one of their stream: one was lost, doubled or out of order. */
  misplaced = 0;
  resets = 0;
  /** Streams that began, and that the server ended. */
  begun = 0;
  ended = 0;
}

/** What one subscriber does with its events. */
export interface SubscriberOptions {
  readonly receipts: Receipts;
  /** Called for every event with its number in the stream, from 0. */
  readonly onEvent: (index: number) => void;
  /** Returns the number that the key of an event must end with, or `undefined` where it does not matter. */
  readonly expected: (index: number) => number | undefined;
}

/** One subscriber: counts what arrives, and checks that nothing is missing. */
export class Subscriber implements CallListener {
  readonly #options: SubscriberOptions;
  readonly #reader = new ResponseReader();
  #received = 0;

  constructor(options: SubscriberOptions) {
    this.#options = options;
  }

  /** Events received. */
  get received(): number {
    return this.#received;
  }

  message(bytes: Buffer): void {
    const { receipts } = this.#options;
    const kind: ResponseKind = this.#reader.read(bytes, (keyNumber) => this.#event(keyNumber));
    if (kind === 'events') receipts.messages += 1;
    if (kind === 'reset') receipts.resets += 1;
    if (kind === 'ready') receipts.begun += 1;
  }

  ended(): void {
    this.#options.receipts.ended += 1;
  }

  #event(keyNumber: number): void {
    const { receipts, onEvent, expected } = this.#options;
    const index = this.#received++;
    const right = expected(index);
    if (right !== undefined && right !== keyNumber) receipts.misplaced += 1;
    receipts.deliveries += 1;
    onEvent(index);
  }
}
