import { status } from '@grpc/grpc-js';
import type { Clock, Timer } from '../base/clock.ts';
import { pause } from '../base/pause.ts';
import type { Random } from '../base/random.ts';
import type { Event, ResetReason, SubscribeResponse } from '../gen/reprise/v1/invalidation_service.ts';
import { CallError } from './call-error.ts';
import { spanMs } from './lifetime.ts';
import { retryDelayMs } from './retry-delay.ts';

/** What a subscription tells. All up to a token has been told before it. */
export type News =
  | { readonly kind: 'ready'; readonly token: string }
  | { readonly kind: 'events'; readonly events: readonly Event[]; readonly token: string }
  | { readonly kind: 'progress'; readonly token: string }
  /** Changes may be missing: drop what was derived from those told before. */
  | { readonly kind: 'reset'; readonly reason: ResetReason; readonly token: string }
  /** Until the next `ready`, changes may have happened that were not told yet. Told once. */
  | { readonly kind: 'stale'; readonly why: StaleCause; readonly error?: CallError; readonly retryInMs?: number };

/** Why a subscription is stale: nothing came for too long, the stream broke, or the server said that it goes away. */
export type StaleCause = 'silent' | 'broken' | 'goingAway';

/** What a subscription works with. */
export interface SubscriptionParts {
  /** Opens a stream that goes on after the token; empty: with the next change. It ends when the signal aborts. */
  readonly open: (resumeToken: string, signal: AbortSignal) => AsyncIterable<SubscribeResponse>;
  readonly tell: (news: News) => void;
  readonly clock: Clock;
  readonly random: Random;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
  /** Where to begin. Empty: with the next change. */
  readonly resumeToken: string;
  /** Milliseconds in which an opened stream must be ready, or it is given up. */
  readonly readyWithinMs: number;
}

/** Errors that no retry heals. */
const FINAL: ReadonlySet<status> = new Set([
  status.INVALID_ARGUMENT,
  status.NOT_FOUND,
  status.PERMISSION_DENIED,
  status.UNAUTHENTICATED,
  status.UNIMPLEMENTED,
]);
/** After so many progress intervals without a token the stream is stale. */
const SILENT_INTERVALS = 3;
/** The progress interval of a server that does not name it. */
const PROGRESS_MS = 1000;

/**
 * Follows the changes of a namespace over any number of streams: whenever one ends, it opens the next with the newest
 * token, after the time the server asked for, or a growing and random delay.
 */
export class Subscription {
  readonly #parts: SubscriptionParts;
  #token: string;
  #state: 'opening' | 'ready' | 'stale' = 'opening';
  /** Streams in a row that brought no token beyond their Ready. */
  #failures = 0;
  #silentAfterMs = SILENT_INTERVALS * PROGRESS_MS;
  #silence: Timer | undefined;
  /** Gives the present stream up. */
  #giveUp = new AbortController();

  constructor(parts: SubscriptionParts) {
    this.#parts = parts;
    this.#token = parts.resumeToken;
  }

  /** Runs until the signal aborts. Throws a CallError if an error came that no retry heals. */
  async run(): Promise<void> {
    const { signal } = this.#parts;
    while (!signal.aborted) {
      const retryInMs = await this.#follow();
      await pause(retryInMs, this.#parts);
    }
  }

  /** Reads one stream to its end. Returns how long to wait before the next. */
  async #follow(): Promise<number> {
    const { open, signal } = this.#parts;
    const giveUp = new AbortController();
    this.#giveUp = giveUp;
    this.#expectWithin(this.#parts.readyWithinMs, () => giveUp.abort());
    try {
      for await (const { event } of open(this.#token, AbortSignal.any([signal, giveUp.signal]))) {
        if (signal.aborted) break;
        if (event?.$case === 'goingAway') return this.#leave(event.value.token, spanMs(event.value.retryAfter));
        this.#hear(event);
      }
      return this.#fail();
    } catch (error) {
      if (!(error instanceof CallError) || FINAL.has(error.code)) throw error;
      return this.#fail(error);
    } finally {
      this.#silence?.stop();
    }
  }

  #hear(event: Exclude<SubscribeResponse['event'], { $case: 'goingAway' }>): void {
    // A message without a case was added to the contract later: nothing that this reader has to know.
    if (event === undefined) return;
    if (event.$case === 'ready') {
      this.#silentAfterMs = SILENT_INTERVALS * (spanMs(event.value.progressInterval) || PROGRESS_MS);
      this.#tellReady(event.value.token);
      return;
    }
    this.#failures = 0;
    if (this.#state !== 'ready') this.#tellReady(this.#token);
    this.#take(event.value.token);
    this.#tell(newsOf(event));
  }

  #tellReady(token: string): void {
    this.#state = 'ready';
    this.#take(token);
    this.#tell({ kind: 'ready', token });
  }

  #take(token: string): void {
    if (token !== '') this.#token = token;
    this.#expectWithin(this.#silentAfterMs, () => this.#giveUpSilent());
  }

  /** A connection that died without a word looks like a quiet namespace, but for the progress that does not come. */
  #giveUpSilent(): void {
    this.#tellStale({ kind: 'stale', why: 'silent' });
    this.#giveUp.abort();
  }

  #leave(token: string, retryInMs: number): number {
    if (token !== '') this.#token = token;
    this.#tellStale({ kind: 'stale', why: 'goingAway', retryInMs });
    return retryInMs;
  }

  #fail(error?: CallError): number {
    if (this.#parts.signal.aborted) return 0;
    this.#failures++;
    const retryInMs = error?.retryAfterMs ?? retryDelayMs(this.#failures, this.#parts.random);
    this.#tellStale({ kind: 'stale', why: 'broken', retryInMs, ...(error && { error }) });
    return retryInMs;
  }

  #tellStale(news: Extract<News, { kind: 'stale' }>): void {
    if (this.#state === 'stale') return;
    this.#state = 'stale';
    this.#tell(news);
  }

  #tell(news: News): void {
    if (!this.#parts.signal.aborted) this.#parts.tell(news);
  }

  #expectWithin(ms: number, late: () => void): void {
    this.#silence?.stop();
    this.#silence = this.#parts.clock.startTimer(ms, late);
  }
}

type Told = Extract<SubscribeResponse['event'], { $case: 'events' | 'progress' | 'reset' }>;

function newsOf(event: Told): News {
  switch (event.$case) {
    case 'events':
      return { kind: 'events', ...event.value };
    case 'progress':
      return { kind: 'progress', ...event.value };
    case 'reset':
      return { kind: 'reset', ...event.value };
  }
}
