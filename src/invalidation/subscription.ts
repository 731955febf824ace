import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { whenReady } from '../base/maybe-promise.ts';
import type { OperatingError } from '../base/operating-error.ts';
import type { Change } from '../store/store.ts';
import { type Batch, isMadeBy } from './batch.ts';
import type { Channel } from './channel.ts';
import { EventQueue } from './event-queue.ts';
import { firstBehind, type Moment, momentAfter } from './moment.ts';
import type { Sink } from './sink.ts';
import type { ResetCause } from './stream-encoder.ts';
import { matches, type SubscriptionFilter } from './subscription-filter.ts';

/** What a subscriber asked for. */
export interface SubscriptionWish {
  readonly filter: SubscriptionFilter;
  readonly progressIntervalMs: number;
  /** Changes made by this origin are left out; empty for none. */
  readonly withoutOrigin: string;
}

/** Where a stream begins: after a moment, or now because the changes before are lost to it. */
export type Beginning =
  | { readonly kind: 'after'; readonly moment: Moment }
  | { readonly kind: 'reset'; readonly cause: ResetCause };

/**
 * Where a stream stands. Replaying: it reads the log up to `scanned`. Live: it is given what happens. Lost: it must be
 * told that it missed something. Leaving: it must be told that the server goes away. Closed: nothing more.
 */
type State =
  | { readonly kind: 'replaying'; readonly scanned: Moment }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost'; readonly cause: ResetCause }
  | { readonly kind: 'leaving'; readonly at: Moment; readonly retryAfterMs: number }
  | { readonly kind: 'closed' };

/** Changes of the log that are looked at in one go: 100 µs at most. */
const PAGE_CHANGES = 512;

/**
 * One subscriber's stream. One message is on its way at a time; what happens meanwhile waits in a bounded queue, so that
 * a subscriber that stops reading costs bounded memory and nobody's time.
 *
 * Bookmarkable: a token is sent only when all that matched up to it was sent, so progress and resets go out only while
 * nothing waits.
 */
export class Subscription {
  readonly filter: SubscriptionFilter;
  readonly #wish: SubscriptionWish;
  readonly #channel: Channel;
  readonly #clock: Clock;
  readonly #sink: Sink;
  readonly #queue = new EventQueue();
  #state: State;
  /** All that matched up to here was sent: the newest token's moment. */
  #sentUpTo: Moment;
  #saidReady = false;
  #sending = false;
  #tokenSentAtMs = 0;
  #progress: Timer | undefined;

  constructor(channel: Channel, clock: Clock, sink: Sink, wish: SubscriptionWish, beginning: Beginning) {
    this.filter = wish.filter;
    this.#wish = wish;
    this.#channel = channel;
    this.#clock = clock;
    this.#sink = sink;
    this.#sentUpTo = beginning.kind === 'after' ? beginning.moment : channel.told;
    this.#state =
      beginning.kind === 'after'
        ? { kind: 'replaying', scanned: beginning.moment }
        : { kind: 'lost', cause: beginning.cause };
  }

  /**
   * Says Ready, then goes on from where the stream begins. Before it a Reset if the changes until now are lost: a caller
   * that keeps Ready's token must have heard of that, also if the connection breaks between the two.
   */
  start(): void {
    if (this.#state.kind === 'lost') this.#send(this.#beginAnew(this.#state.cause));
    else this.#sayReady();
    this.#expectProgress(this.#wish.progressIntervalMs);
  }

  /**
   * Gives what happened after the moment `before` to a subscriber who is up to date; another one finds it in the log, and
   * so does everyone when it is too much for one message: the log can be read in pages.
   */
  deliver(batch: Batch, before: Moment): void {
    if (this.#state.kind !== 'live') return;
    const direct = !this.#sending && this.#queue.empty && !batch.holds(this.#wish.withoutOrigin);
    if (batch.isLong) {
      this.#state = { kind: 'replaying', scanned: before };
      this.#goOn();
    } else if (direct) {
      this.#sentUpTo = this.#channel.told;
      this.#channel.countEvents(batch.changes.length);
      this.#send(batch.bytes);
    } else {
      for (const [index, change] of batch.changes.entries()) this.#enqueue(change, batch.sizes[index]!);
      this.#goOn();
    }
  }

  /** Says that the server goes away, and ends the stream. What waits is found elsewhere, by the token. */
  leave(retryAfterMs: number): void {
    if (this.#state.kind === 'closed' || this.#state.kind === 'leaving') return;
    const at = this.#upTo();
    this.#queue.clear();
    this.#state = { kind: 'leaving', at, retryAfterMs };
    this.#goOn();
  }

  /** Ends the stream with an error. */
  fail(error: OperatingError): void {
    if (this.#state.kind === 'closed') return;
    this.close();
    this.#sink.end(error);
  }

  /** Lets go of everything: the subscriber has left. */
  close(): void {
    this.#state = { kind: 'closed' };
    this.#progress?.stop();
    this.#queue.clear();
  }

  /** The moment up to which all that matched was sent. */
  #upTo(): Moment {
    if (!this.#queue.empty) return this.#sentUpTo;
    if (this.#state.kind === 'live') return this.#channel.told;
    return this.#state.kind === 'replaying' ? this.#state.scanned : this.#sentUpTo;
  }

  #enqueue(change: Change, bytes: number): void {
    if (this.#state.kind === 'lost' || isMadeBy(change, this.#wish.withoutOrigin)) return;
    if (this.#queue.push(change, bytes)) return;
    this.#queue.clear();
    this.#state = { kind: 'lost', cause: 'slow' };
  }

  #send(bytes: Buffer): void {
    this.#sending = true;
    this.#tokenSentAtMs = this.#clock.monotonicMs();
    this.#sink.send(bytes, () => {
      this.#sending = false;
      this.#goOn();
    });
  }

  /** Does the next thing, unless a message is on its way. */
  #goOn(): void {
    if (this.#sending || this.#state.kind === 'closed') return;
    if (!this.#saidReady) this.#sayReady();
    else if (this.#state.kind === 'lost') this.#send(this.#beginAnew(this.#state.cause));
    else if (this.#state.kind === 'leaving') this.#sayGoingAway(this.#state);
    else if (!this.#queue.empty) this.#sendWaiting();
    else if (this.#state.kind === 'replaying') this.#replay(this.#state.scanned);
  }

  #sendWaiting(): void {
    const changes = this.#queue.take(limits.eventsMessageBytesMax);
    if (this.#queue.empty) this.#sentUpTo = this.#upTo();
    else if (this.#queue.whole) this.#sentUpTo = momentAfter(this.#sentUpTo, changes.slice(-1));
    this.#channel.countEvents(changes.length);
    this.#send(this.#channel.events(changes, this.#sentUpTo));
  }

  #sayReady(): void {
    this.#saidReady = true;
    this.#send(this.#channel.ready(this.#sentUpTo, this.#wish.progressIntervalMs));
  }

  /** Goes live now, and returns the Reset that says so. */
  #beginAnew(cause: ResetCause): Buffer {
    this.#state = { kind: 'live' };
    this.#channel.countReset(cause);
    this.#sentUpTo = this.#channel.told;
    return this.#channel.reset(cause, this.#sentUpTo);
  }

  #sayGoingAway({ at, retryAfterMs }: Extract<State, { kind: 'leaving' }>): void {
    this.close();
    this.#sink.send(this.#channel.goingAway(at, retryAfterMs), () => undefined);
    this.#sink.end();
  }

  /** Reads a page of the log into the queue, or goes live where the log ends. */
  #replay(scanned: Moment): void {
    const behind = firstBehind(scanned, this.#channel.told);
    if (behind === undefined) {
      this.#sentUpTo = scanned;
      this.#state = { kind: 'live' };
      return;
    }
    const { from, to } = behind;
    const changesMax = Math.min(PAGE_CHANGES, to.position.number - from.position.number);
    const page = this.#channel.changesSince(from, changesMax);
    whenReady(page, (changes) => this.#takePage(scanned, changes));
  }

  #takePage(scanned: Moment, changes: readonly Change[] | undefined): void {
    if (this.#state.kind !== 'replaying') return;
    const last = changes?.at(-1);
    if (changes === undefined || last === undefined) {
      this.#state = { kind: 'lost', cause: 'historyGone' };
    } else {
      this.#sentUpTo = scanned;
      this.#state = { kind: 'replaying', scanned: momentAfter(scanned, [last]) };
      for (const change of changes) if (this.#wants(change)) this.#enqueue(change, this.#channel.eventBytes(change));
    }
    // In a turn of its own, so that thousands who come back together don't keep calls waiting.
    setImmediate(() => this.#goOn());
  }

  #wants(change: Change): boolean {
    return change.namespaceId === this.#channel.namespaceId && matches(this.filter, change);
  }

  #expectProgress(inMs: number): void {
    this.#progress = this.#clock.startTimer(inMs, () => this.#sayProgress());
  }

  #sayProgress(): void {
    const { progressIntervalMs } = this.#wish;
    const sinceMs = this.#clock.monotonicMs() - this.#tokenSentAtMs;
    const idle = this.#state.kind === 'live' && !this.#sending && this.#queue.empty;
    if (idle && sinceMs >= progressIntervalMs) {
      this.#sentUpTo = this.#channel.told;
      this.#send(this.#channel.progress());
    }
    this.#expectProgress(sinceMs < progressIntervalMs ? progressIntervalMs - sinceMs : progressIntervalMs);
  }
}
