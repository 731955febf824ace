import { backoffMs } from '../base/backoff.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { millisecondsOf } from '../base/durations.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { RepriseError } from '../errors.ts';
import type { SubscribeResponse } from '../gen/reprise/v1/invalidation_service.ts';
import type { StreamListener } from '../transport/channel.ts';
import { changeOf, resetCauseOf, type StreamMessage, type StreamState } from './message.ts';

/** What a follower works with. */
export interface FollowerParts {
  /** Opens a stream that goes on after a token; empty: with the next change. Returns what ends it. */
  readonly open: (resumeToken: string, listener: StreamListener<SubscribeResponse>) => Promise<() => void>;
  /** Takes every message, in order. It must not throw. */
  readonly tell: (message: StreamMessage) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly resumeToken: string;
  /** Longest time between two messages, until the server names it. Milliseconds. */
  readonly progressIntervalMs: number;
  /** Milliseconds in which an opened stream must be ready. */
  readonly readyWithinMs: number;
}

/** Errors that no retry heals. */
const FINAL = new Set(['INVALID_ARGUMENT', 'NOT_FOUND', 'UNAUTHENTICATED', 'PERMISSION_DENIED', 'UNIMPLEMENTED']);

/**
 * Follows the changes of a namespace over any number of streams: whatever ends one, the next goes on after the newest
 * token. Ends only by `close`, or by an error that no retry heals.
 */
export class Follower {
  readonly #parts: FollowerParts;
  #state: StreamState = 'CONNECTING';
  #token: string;
  /** Streams in a row that brought nothing beyond their Ready. */
  #failures = 0;
  #silentAfterMs: number;
  #timer: Timer | undefined;
  /** Of the present stream; what an earlier one still says is not heard. */
  #stream = 0;
  #endStream: (() => void) | undefined;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#token = parts.resumeToken;
    this.#silentAfterMs = limits.silentIntervals * parts.progressIntervalMs;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** The newest token. Everything up to it has been told. */
  get token(): string {
    return this.#token;
  }

  /** Opens the first stream. */
  start(): void {
    void this.#open();
  }

  /** Ends the stream, and with it everything. */
  close(error?: RepriseError): void {
    if (this.#state === 'CLOSED') return;
    this.#leaveStream();
    this.#become('CLOSED', error);
  }

  async #open(): Promise<void> {
    const stream = ++this.#stream;
    const isPresent = (): boolean => this.#stream === stream;
    this.#expectWithin(Math.max(this.#parts.readyWithinMs, this.#silentAfterMs));
    const listener: StreamListener<SubscribeResponse> = {
      message: ({ event }) => isPresent() && this.#hear(event),
      ended: (error) => isPresent() && this.#fail(error),
    };
    try {
      const end = await this.#parts.open(this.#token, listener);
      // A stream may fail, or be closed, before it was opened.
      if (isPresent()) this.#endStream = end;
      else end();
    } catch (error) {
      if (isPresent()) this.#fail(error instanceof RepriseError ? error : cannotOpen(error));
    }
  }

  #hear(event: SubscribeResponse['event']): void {
    this.#expectWithin(this.#silentAfterMs);
    switch (event?.$case) {
      case 'ready':
        this.#silentAfterMs = this.#silenceOf(millisecondsOf(event.value.progressInterval));
        this.#take(event.value.token);
        this.#become('READY');
        break;
      case 'goingAway':
        this.#take(event.value.token);
        this.#again(millisecondsOf(event.value.retryAfter));
        break;
      case 'reset':
        this.#failures = 0;
        this.#become('RESETTING');
        this.#pass({ kind: 'reset', reason: resetCauseOf(event.value.reason), token: event.value.token });
        break;
      case 'events':
        this.#passReady({ kind: 'events', changes: event.value.events.map(changeOf), token: event.value.token });
        break;
      case 'progress':
        this.#passReady({ kind: 'progress', token: event.value.token });
        break;
      // A message without a case was added to the contract later: nothing that must be known.
      case undefined:
    }
  }

  #passReady(message: Extract<StreamMessage, { token: string }>): void {
    this.#failures = 0;
    this.#become('READY');
    this.#pass(message);
  }

  /** Deliberate: the token is taken after the message was told, or a break between the two would lose it. */
  #pass(message: Extract<StreamMessage, { token: string }>): void {
    this.#parts.tell(message);
    this.#take(message.token);
  }

  #take(token: string): void {
    if (token !== '') this.#token = token;
  }

  #become(state: StreamState, error?: RepriseError): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#parts.tell(error === undefined ? { kind: 'state', state } : { kind: 'state', state, error });
  }

  #fail(error?: RepriseError): void {
    if (error !== undefined && FINAL.has(error.code)) {
      this.close(error);
      return;
    }
    this.#failures++;
    const delayMs = backoffMs(limits.streamBackoff, this.#failures, this.#parts.random);
    this.#again(Math.max(delayMs, error?.retryAfterMs ?? 0), error);
  }

  #again(delayMs: number, error?: RepriseError): void {
    this.#leaveStream();
    // Before the first Ready there is nothing yet that could be stale.
    if (this.#state !== 'CONNECTING') this.#become('STALE', error);
    // Whoever was told may have closed.
    if (this.#state === 'CLOSED') return;
    this.#timer = this.#parts.clock.startTimer(delayMs, () => void this.#open());
  }

  /** A connection that died without a word looks like a quiet namespace, but for the progress that does not come. */
  #expectWithin(ms: number): void {
    this.#timer?.stop();
    this.#timer = this.#parts.clock.startTimer(ms, () => this.#fail());
  }

  #silenceOf(progressIntervalMs: number): number {
    return limits.silentIntervals * (progressIntervalMs > 0 ? progressIntervalMs : this.#parts.progressIntervalMs);
  }

  #leaveStream(): void {
    this.#stream++;
    this.#timer?.stop();
    this.#endStream?.();
    this.#endStream = undefined;
  }
}

function cannotOpen(cause: unknown): RepriseError {
  return new RepriseError('The stream could not be opened.', {}, { cause });
}
