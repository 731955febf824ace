import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import type { RepriseError } from '../errors.ts';
import { Follower, type FollowerParts } from './follower.ts';
import type { Change, ChangeCause, StreamMessage, StreamState } from './message.ts';
import { MessageBuffer } from './message-buffer.ts';

/**
 * What a subscription wants. With no prefix, tag and key it gets all changes of the namespace, otherwise those that match
 * any of them; a change that may cover an entry that matches always comes.
 */
export interface SubscribeOptions {
  /** Keys that begin with one of these; each ends in `:` or `/`. At most 100. */
  readonly prefixes?: readonly string[];
  /** Entries with one of these tags, before or after the change. At most 100. */
  readonly tags?: readonly string[];
  /** These keys. At most 1000. */
  readonly keys?: readonly string[];
  /** Only changes with these causes. */
  readonly causes?: readonly ChangeCause[];
  /** Also changes that this very client makes. Default: they are left out. */
  readonly includeOwn?: boolean;
  /** Go on after this token: of a subscription, or of any other answer of the namespace. Default: with the next change. */
  readonly resumeToken?: string;
  /** Longest time between two messages when nothing happens, 100 to 60 000. Default 1000. */
  readonly progressIntervalMs?: number;
  /** Is called with each new state, at once. `error`: why the stream broke, if one is known. It must not throw. */
  readonly onState?: (state: StreamState, error?: RepriseError) => void;
  /** Closes the subscription. */
  readonly signal?: AbortSignal;
}

/** What a subscription works with. */
export interface SubscriptionParts {
  /** Absent where the client passes everything through: then nothing ever comes. */
  readonly open: FollowerParts['open'] | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly readyWithinMs: number;
  /** Is called once, when the subscription is over. */
  readonly closed: (subscription: Subscription) => void;
}

/**
 * Follows the changes of a namespace, over any number of broken connections, until it is closed or the server says what no
 * retry heals.
 *
 * It has two views, of which one may be read, once: `changes`, and `messages` with everything else that a program needs
 * that keeps copies. What the reader has not taken waits, up to 4096 events; beyond it they become one Reset with the
 * reason SLOW. Leaving the loop closes the subscription.
 */
export class Subscription implements AsyncDisposable {
  readonly #follower: Follower | undefined;
  readonly #buffer = new MessageBuffer(limits.waitingEventsMax);
  readonly #onState: NonNullable<SubscribeOptions['onState']>;
  readonly #parts: SubscriptionParts;
  readonly #signal: AbortSignal | undefined;
  #state: StreamState = 'CONNECTING';
  #token: string;
  #isRead = false;

  constructor(options: SubscribeOptions, parts: SubscriptionParts) {
    const {
      resumeToken = '',
      progressIntervalMs = limits.progressIntervalMs,
      onState = () => undefined,
      signal,
    } = options;
    this.#parts = parts;
    this.#onState = onState;
    this.#token = resumeToken;
    this.#signal = signal;
    if (parts.open !== undefined) {
      const { open, clock, random, readyWithinMs } = parts;
      const tell = (message: StreamMessage): void => this.#hear(message);
      this.#follower = new Follower({ open, tell, clock, random, resumeToken, progressIntervalMs, readyWithinMs });
    }
    onState('CONNECTING');
    signal?.addEventListener('abort', this.#close);
    if (signal?.aborted) this.#close();
    else this.#follower?.start();
  }

  /** How the subscription is now. */
  get state(): StreamState {
    return this.#state;
  }

  /**
   * The newest token whose changes the reader has done with, since it asked for what comes next: keep it, and give it to
   * `resumeToken` to go on from here. Before the first of them, where the subscription began; empty until it is READY.
   */
  get token(): string {
    return this.#token;
  }

  /** Only changes, one at a time. Throws a RepriseError if the server said what no retry heals. */
  get changes(): AsyncIterable<Change> {
    return this.#readChanges();
  }

  /** Everything: changes, progress, resets, states. Throws as `changes`. */
  get messages(): AsyncIterable<StreamMessage> {
    return this.#readMessages();
  }

  /** Ends the subscription; its reader gets what still waits. */
  close(): void {
    this.#close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    return Promise.resolve();
  }

  readonly #close = (): void => {
    if (this.#follower === undefined) this.#finish();
    else this.#follower.close();
  };

  #hear(message: StreamMessage): void {
    if (message.kind === 'state' && message.state === 'CLOSED') {
      this.#finish(message.error);
      return;
    }
    // Nothing has been told yet: all changes come after where the first stream begins.
    if (message.kind === 'state' && this.#token === '') this.#token = this.#follower?.token ?? '';
    if (message.kind === 'state') this.#become(message.state, message.error);
    const wasSlow = this.#buffer.push(message);
    if (!wasSlow) return;
    this.#become('RESETTING');
    this.#become('READY');
  }

  #become(state: StreamState, error?: RepriseError): void {
    this.#state = state;
    this.#onState(state, error);
  }

  #finish(error?: RepriseError): void {
    if (this.#state === 'CLOSED') return;
    this.#signal?.removeEventListener('abort', this.#close);
    this.#buffer.push(
      error === undefined ? { kind: 'state', state: 'CLOSED' } : { kind: 'state', state: 'CLOSED', error },
    );
    this.#buffer.end(error);
    this.#become('CLOSED', error);
    this.#parts.closed(this);
  }

  async *#readChanges(): AsyncGenerator<Change> {
    for await (const message of this.#readMessages()) {
      if (message.kind === 'events') yield* message.changes;
    }
  }

  async *#readMessages(): AsyncGenerator<StreamMessage> {
    if (this.#isRead) throw new Error('A subscription is read once.');
    this.#isRead = true;
    try {
      for (let message = await this.#buffer.take(); message !== undefined; message = await this.#buffer.take()) {
        yield message;
        // The reader asks for more, so that it has done with this one.
        if ('token' in message && message.token !== '') this.#token = message.token;
      }
    } finally {
      this.#close();
    }
  }
}
