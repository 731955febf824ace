import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { whenReady } from '../base/maybe-promise.ts';
import type { OperatingError } from '../base/operating-error.ts';
import { firstBehind, type Moment, momentAfter, positionIn } from '../cache/rules/moment.ts';
import type { Partition, Position } from '../cache/rules/position.ts';
import type { Change } from '../store/store.ts';
import { type Batch, isMadeBy } from './batch.ts';
import type { Channel } from './channel.ts';
import { EventQueue } from './event-queue.ts';
import { clamped, completed } from './resume-point.ts';
import type { Sink } from './sink.ts';
import { storeFailure } from './store-failure.ts';
import type { ResetCause } from './stream-encoder.ts';
import { isOf, matches, type SubscriptionFilter } from './subscription-filter.ts';
import type { Replaying, SubscriptionState } from './subscription-state.ts';
import type { SubscriptionWish } from './subscription-wish.ts';
import { toldTo } from './told-to.ts';

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
  #state: SubscriptionState = { kind: 'waiting' };
  /** All that matched up to here was sent: the newest token's moment, at first the one that was presented. */
  #sentUpTo: Moment;
  /** The newest that the subscriber heard of: `sentUpTo`, and changes that were sent while older ones still wait. */
  #newest: Moment;
  /** The state for which a page of the log is on its way. */
  #reading: SubscriptionState | undefined;
  #leaving: AbortController | undefined;
  /** As `Hearing` has it. */
  #taken: Moment | undefined;
  #saidReady = false;
  #sending = false;
  #tokenSentAtMs = 0;
  #progress: Timer | undefined;

  /** @param presented what the token says after which the stream is to go on; empty without one */
  constructor(channel: Channel, clock: Clock, sink: Sink, wish: SubscriptionWish, presented: Moment) {
    this.filter = wish.filter;
    this.#wish = wish;
    this.#channel = channel;
    this.#clock = clock;
    this.#sink = sink;
    this.#sentUpTo = presented;
    this.#newest = presented;
  }

  /** Aborted when nobody waits for the beginning any more. */
  get signal(): AbortSignal {
    this.#leaving ??= new AbortController();
    return this.#leaving.signal;
  }

  /**
   * Says Ready, then goes on after a moment, in the partitions that it does not name from now on. `undefined`, or what
   * was lost while the stream waited, is a Reset before that: a caller that keeps Ready's token must have heard of it,
   * also if the connection breaks between the two.
   */
  begin(after: Moment | undefined): void {
    if (this.#state.kind !== 'waiting') return;
    const { told } = this.#channel;
    if (after !== undefined && this.#channel.isHistory(after)) {
      const scanned = completed(after, told);
      this.#say(scanned);
      this.#state = { kind: 'replaying', scanned };
    } else {
      this.#state = { kind: 'lost', cause: 'tokenUnusable' };
    }
    this.#expectProgress(this.#wish.progressIntervalMs);
    this.#goOn();
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
      this.#say(this.#channel.told);
      this.#channel.countEvents(batch.changes.length);
      this.#send(batch.bytes);
    } else {
      for (const [index, change] of batch.changes.entries()) this.#enqueue(change, batch.sizes[index]!);
      this.#goOn();
    }
  }

  /**
   * Learns that a partition lost its changes after `fork`, while the channel still tells what was told before. What waits
   * of them is forgotten; who heard of them must begin anew.
   */
  forked(partition: Partition, fork: Position): void {
    if (this.#state.kind !== 'live' && this.#state.kind !== 'replaying') return;
    const scanned = this.#state.kind === 'live' ? this.#channel.told : this.#state.scanned;
    const heard = positionIn(this.#newest, partition);
    if (heard !== undefined && heard.number <= fork.number && this.#queue.cut(partition, fork.number)) {
      this.#sentUpTo = clamped(this.#sentUpTo, partition, fork);
      this.#newest = clamped(this.#newest, partition, fork);
      this.#taken &&= clamped(this.#taken, partition, fork);
      this.#state = { kind: 'replaying', scanned: clamped(scanned, partition, fork) };
    } else {
      this.#lose('historyGone');
    }
    this.#goOnSoon();
  }

  /** Learns that a partition's changes since what it was sent can't be told. */
  restarted(): void {
    if (this.#state.kind !== 'live' && this.#state.kind !== 'replaying') return;
    this.#lose('historyGone');
    this.#goOnSoon();
  }

  /**
   * Says that the server goes away, and ends the stream. What waits is found elsewhere, by the token; a stream that has
   * not begun goes on there after what was presented. Nothing may be unknown to the channel.
   */
  leave(retryAfterMs: number): void {
    if (this.#state.kind === 'closed' || this.#state.kind === 'leaving') return;
    if (this.#state.kind === 'waiting') this.#say(completed(this.#sentUpTo, this.#channel.told));
    const at = this.#upTo();
    this.#queue.clear();
    this.#state = { kind: 'leaving', at, retryAfterMs };
    this.#leaving?.abort();
    this.#goOn();
  }

  /** See `toldTo`. */
  toldUpTo(partition: Partition, told: Position | undefined): Position | undefined {
    const idle = !this.#sending && this.#queue.empty;
    return toldTo(partition, told, { state: this.#state, taken: this.#taken, idle });
  }

  /** Ends the stream with an error. */
  fail(error: OperatingError): void {
    if (this.#state.kind === 'closed') return;
    this.close();
    this.#sink.end(error);
  }

  /** Ends the stream with why the store failed it, if it still waits for the store. */
  failBy(cause: unknown): void {
    if (this.#state.kind === 'waiting' || this.#state.kind === 'replaying') this.fail(storeFailure(cause));
  }

  /** Lets go of everything: the subscriber has left. */
  close(): void {
    this.#state = { kind: 'closed' };
    this.#leaving?.abort();
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
    if (!this.#queue.push(change, bytes)) this.#lose('slow');
  }

  #lose(cause: ResetCause): void {
    this.#queue.clear();
    this.#taken &&= [];
    this.#state = { kind: 'lost', cause };
  }

  /** Notes that the next message has the token of this moment. */
  #say(upTo: Moment): void {
    this.#sentUpTo = upTo;
    this.#newest = upTo;
  }

  #send(bytes: Buffer): void {
    this.#sending = true;
    this.#tokenSentAtMs = this.#clock.monotonicMs();
    this.#sink.send(bytes, () => {
      this.#sending = false;
      if (this.#state.kind !== 'lost') this.#taken = this.#sentUpTo;
      this.#goOn();
    });
  }

  /** Does the next thing, unless a message is on its way. */
  #goOn(): void {
    if (this.#sending || this.#state.kind === 'closed' || this.#state.kind === 'waiting') return;
    if (this.#state.kind === 'lost') this.#send(this.#beginAnew(this.#state.cause));
    else if (!this.#saidReady) this.#sayReady();
    else if (this.#state.kind === 'leaving') this.#sayGoingAway(this.#state);
    else if (!this.#queue.empty) this.#sendWaiting();
    else if (this.#state.kind === 'replaying' && this.#reading !== this.#state) this.#replay(this.#state);
  }

  /** In a turn of its own, so that thousands who come back together don't keep calls waiting. */
  #goOnSoon(): void {
    setImmediate(() => this.#goOn());
  }

  #sendWaiting(): void {
    const changes = this.#queue.take(limits.eventsMessageBytesMax);
    this.#newest = this.#queue.empty ? this.#upTo() : momentAfter(this.#newest, changes);
    if (this.#queue.whole) this.#sentUpTo = this.#newest;
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
    this.#say(this.#channel.told);
    return this.#channel.reset(cause, this.#sentUpTo);
  }

  #sayGoingAway({ at, retryAfterMs }: Extract<SubscriptionState, { kind: 'leaving' }>): void {
    this.close();
    this.#sink.send(this.#channel.goingAway(at, retryAfterMs), () => undefined);
    this.#sink.end();
  }

  /** Reads a page of the log into the queue, or goes live where the log ends. */
  #replay(state: Replaying): void {
    const behind = firstBehind(state.scanned, this.#channel.told);
    if (behind === undefined) {
      this.#state = { kind: 'live' };
      return;
    }
    const { from, to } = behind;
    const changesMax = Math.min(PAGE_CHANGES, to.position.number - from.position.number);
    this.#reading = state;
    // What came while the history changed is of a state that has passed.
    const taken = whenReady(this.#channel.changesSince(from, changesMax), (changes) => {
      if (this.#state === state) this.#takePage(state.scanned, changes);
    });
    if (!(taken instanceof Promise)) return;
    taken.catch((cause: unknown) => {
      if (this.#state === state) this.failBy(cause);
    });
  }

  #takePage(scanned: Moment, changes: readonly Change[] | undefined): void {
    const last = changes?.at(-1);
    if (changes === undefined || last === undefined || !this.#channel.isHistory([last])) {
      this.#lose('historyGone');
    } else {
      this.#state = { kind: 'replaying', scanned: momentAfter(scanned, [last]) };
      for (const change of changes) if (this.#wants(change)) this.#enqueue(change, this.#channel.eventBytes(change));
    }
    this.#goOnSoon();
  }

  #wants(change: Change): boolean {
    return isOf(change, this.#channel.namespaceId) && matches(this.filter, change);
  }

  #expectProgress(inMs: number): void {
    this.#progress = this.#clock.startTimer(inMs, () => this.#sayProgress());
  }

  #sayProgress(): void {
    const { progressIntervalMs } = this.#wish;
    const sinceMs = this.#clock.monotonicMs() - this.#tokenSentAtMs;
    const idle = this.#state.kind === 'live' && !this.#sending && this.#queue.empty;
    if (idle && sinceMs >= progressIntervalMs) {
      this.#say(this.#channel.told);
      this.#send(this.#channel.progress());
    }
    this.#expectProgress(sinceMs < progressIntervalMs ? progressIntervalMs - sinceMs : progressIntervalMs);
  }
}
