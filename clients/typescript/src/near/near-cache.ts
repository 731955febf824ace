import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { Follower, type FollowerParts } from '../stream/follower.ts';
import type { Change, StreamMessage } from '../stream/message.ts';
import { mayKeep, type NearChange, type Selector } from './near-rule.ts';
import type { DropCause, NearStats } from './near-stats.ts';
import { type KeptEntry, NearStore } from './near-store.ts';
import { type HeadAnswer, type HeadQuestion, Proof } from './proof.ts';
import { type LogMark, ToldLog } from './told-log.ts';

/** How a near cache is bounded, and how old it may be. */
export interface NearCacheOptions {
  /** Entries at most. Default 10 000. */
  readonly entriesMax?: number;
  /** Bytes at most: values, keys, tags and 128 for each entry. Default 64 MiB. */
  readonly bytesMax?: number;
  /** Nothing is served that an acknowledged change covered longer ago than this. Default: the client's `maxLagMs`. */
  readonly maxLagMs?: number;
  /** How long it goes on serving when its stream is broken. Default 0: not at all. */
  readonly maxStalenessMs?: number;
  /** Keep only keys that begin with one of these; each ends in `:` or `/`. Default: all. */
  readonly prefixes?: readonly string[];
  /** Decode once and give every reader the same value, which nobody may change. Default: each reader has its own. */
  readonly shareDecoded?: boolean;
}

/** What a near cache works with. */
export interface NearCacheParts {
  readonly open: FollowerParts['open'];
  readonly getHead: (streamToken: string, earlierHead: string) => Promise<HeadAnswer>;
  readonly clock: Clock;
  readonly random: Random;
  readonly readyWithinMs: number;
  readonly maxLagMs: number;
}

/** A read that the near cache could not answer, on its way to the server. */
export interface NearFlight {
  /** What the read must not be older than. Empty before the stream has begun. */
  readonly streamToken: string;
  readonly sentMs: number;
  readonly mark: LogMark;
}

/** What a read brought that may be kept. */
export interface Brought extends Omit<KeptEntry, 'freshUntilMs' | 'weightBytes' | 'decoded' | 'used'> {
  /** Milliseconds of freshness when it was answered. */
  readonly freshForMs: number;
}

/**
 * A cache in the client's own process, which the server's stream keeps right: it serves nothing that an acknowledged change
 * covered more than `maxLagMs` ago, and says nothing where it can't prove that. near-rule.ts has the rule for what enters
 * and leaves, proof.ts that for serving.
 */
export class NearCache {
  readonly #store: NearStore;
  readonly #told = new ToldLog(limits.nearFlightEventsMax);
  readonly #proof: Proof;
  readonly #follower: Follower;
  readonly #parts: NearCacheParts;
  readonly #prefixes: readonly string[];
  readonly #maxStalenessMs: number;
  readonly #headEveryMs: number;
  #headTimer: Timer | undefined;
  #isReady = false;
  /** Until this instant it serves although its stream is broken. */
  #graceUntilMs = Number.NEGATIVE_INFINITY;
  #hits = 0;
  readonly #count = { misses: 0, resets: 0, proofs: 0, refusedInserts: 0 };
  readonly #drops: Record<DropCause, number> = { changed: 0, wide: 0, epoch: 0, reset: 0, own: 0, expired: 0 };

  constructor(options: NearCacheOptions, parts: NearCacheParts) {
    const { entriesMax = limits.nearEntriesMax, bytesMax = limits.nearBytesMax } = options;
    const maxLagMs = options.maxLagMs ?? parts.maxLagMs;
    this.#parts = parts;
    this.#prefixes = options.prefixes ?? [];
    this.#maxStalenessMs = options.maxStalenessMs ?? 0;
    this.#headEveryMs = maxLagMs / 4;
    this.#store = new NearStore({ entriesMax, bytesMax });
    this.#proof = new Proof(maxLagMs);
    const { open, clock, random, readyWithinMs } = parts;
    const tell = (message: StreamMessage): void => this.#hear(message);
    const progressIntervalMs = limits.progressIntervalMs;
    this.#follower = new Follower({ open, tell, clock, random, resumeToken: '', progressIntervalMs, readyWithinMs });
  }

  /** Opens the stream, and begins to ask for heads. */
  start(): void {
    this.#follower.start();
  }

  /** Ends the stream. What is held is served no more. */
  close(): void {
    this.#headTimer?.stop();
    this.#follower.close();
    this.#store.clear();
  }

  /** Returns a fresh entry, if it may be served now. Counts a hit or a miss. */
  serve(key: string, nowMs: number = this.#parts.clock.monotonicMs()): KeptEntry | undefined {
    const entry = this.peek(key, nowMs);
    if (entry === undefined) this.#count.misses++;
    return entry;
  }

  /** Returns a fresh entry, if it may be served now. Counts a hit, but no miss: the server is not asked for it. */
  peek(key: string, nowMs: number): KeptEntry | undefined {
    const entry = this.#mayServe(nowMs) ? this.#freshEntry(key, nowMs) : undefined;
    if (entry !== undefined) this.#hits++;
    return entry;
  }

  /** A read is sent to the server. Each flight must end in `keep` or `giveUp`, once. */
  begin(): NearFlight {
    const sentMs = this.#parts.clock.monotonicMs();
    return { streamToken: this.#follower.token, sentMs, mark: this.#told.begin() };
  }

  /** Keeps what a read brought, unless something happened meanwhile that forbids it. */
  keep(flight: NearFlight, brought: Brought): void {
    const kept =
      this.#wants(brought.key) && this.#isCertain(flight, brought) && this.#store.put(keptOf(brought, flight));
    if (!kept) this.#count.refusedInserts++;
    this.#told.end();
  }

  /** A read brought nothing that could be kept. */
  giveUp(): void {
    this.#told.end();
  }

  /** This client changes keys: to be called when the change is sent, and when it is answered or has failed. */
  ownChange(keys: readonly string[]): void {
    for (const key of keys) this.#ownWide({ kind: 'key', key }, { kind: 'key', key });
  }

  /** This client invalidates: to be called as `ownChange`. What is on its way is not kept, whatever it is. */
  ownInvalidation(selectors: readonly Selector[]): void {
    for (const selector of selectors) this.#ownWide(selector, { kind: 'namespace' });
  }

  /** The server does not know the stream's token: nothing that is on its way is kept. */
  distrustFlights(): void {
    this.#told.forget();
  }

  /** Returns what happened and what is held. */
  stats(): NearStats {
    const { size: entries, bytes, evictions } = this.#store;
    const serving = this.#mayServe(this.#parts.clock.monotonicMs());
    return { ...this.#count, hits: this.#hits, entries, bytes, evictions, drops: { ...this.#drops }, serving };
  }

  #mayServe(nowMs: number): boolean {
    return (this.#isReady && this.#proof.holds(nowMs)) || nowMs <= this.#graceUntilMs;
  }

  #freshEntry(key: string, nowMs: number): KeptEntry | undefined {
    const entry = this.#store.use(key);
    if (entry === undefined || nowMs < entry.freshUntilMs) return entry;
    this.#store.remove(key);
    this.#drops.expired++;
    return undefined;
  }

  #wants(key: string): boolean {
    return this.#prefixes.length === 0 || this.#prefixes.some((prefix) => key.startsWith(prefix));
  }

  #isCertain({ streamToken, mark }: NearFlight, brought: Brought): boolean {
    const told = this.#told.since(mark);
    return streamToken !== '' && brought.revision !== '' && told !== undefined && mayKeep(brought, told);
  }

  #ownWide(dropped: Selector, spoilt: Selector): void {
    this.#drops.own += this.#store.drop({ kind: 'wide', selector: dropped });
    this.#told.note({ kind: 'wide', selector: spoilt });
  }

  #hear(message: StreamMessage): void {
    switch (message.kind) {
      case 'events':
        for (const change of message.changes) this.#apply(nearChangeOf(change));
        return;
      case 'reset':
        this.#reset();
        return;
      case 'state':
        this.#heed(message.state === 'READY');
        return;
      case 'progress':
    }
  }

  #apply(change: NearChange): void {
    this.#drops[causeOf(change)] += this.#store.drop(change);
    this.#told.note(change);
  }

  #reset(): void {
    this.#count.resets++;
    this.#drops.reset += this.#store.clear();
    this.#told.forget();
    this.#proof.reset();
    this.#graceUntilMs = Number.NEGATIVE_INFINITY;
  }

  #heed(isReady: boolean): void {
    const nowMs = this.#parts.clock.monotonicMs();
    // Only what was proven when the stream broke may be served for a while.
    if (!isReady && this.#isReady && this.#maxStalenessMs > 0 && this.#proof.holds(nowMs)) {
      this.#graceUntilMs = nowMs + this.#maxStalenessMs;
    }
    const wasReady = this.#isReady;
    this.#isReady = isReady;
    this.#headTimer?.stop();
    if (isReady && !wasReady) this.#askHead();
  }

  /** Deliberate: the next question does not wait for the answer, which may take as long as a call may. */
  #askHead(): void {
    const { clock, getHead } = this.#parts;
    this.#headTimer = clock.startTimer(this.#headEveryMs, () => this.#askHead(), { background: true });
    const question = this.#proof.ask(clock.monotonicMs());
    getHead(this.#follower.token, question.earlier?.head ?? '').then(
      (answer) => this.#prove(question, answer),
      // Without an answer nothing is proven: reads go to the server.
      () => undefined,
    );
  }

  #prove(question: HeadQuestion, answer: HeadAnswer): void {
    if (this.#proof.answered(question, answer, this.#parts.clock.monotonicMs())) this.#count.proofs++;
  }
}

/** Field by field: entries of one shape are read faster. */
function keptOf(brought: Brought, { sentMs }: NearFlight): KeptEntry {
  const { key, bytes, contentType, revision, tags, freshForMs } = brought;
  const [freshUntilMs, weightBytes] = [sentMs + freshForMs, weightOf(brought)];
  return { key, bytes, contentType, revision, tags, freshUntilMs, weightBytes, decoded: undefined, used: false };
}

function weightOf({ key, tags, bytes }: Pick<Brought, 'key' | 'tags' | 'bytes'>): number {
  const tagBytes = tags.reduce((sum, tag) => sum + Buffer.byteLength(tag), 0);
  return (bytes?.length ?? 0) + Buffer.byteLength(key) + tagBytes + limits.nearOverheadBytes;
}

function nearChangeOf(change: Change): NearChange {
  if (change.cause === 'EPOCH') return { kind: 'epoch' };
  if (change.kind !== 'key') return { kind: 'wide', selector: change };
  const { cause, key, revision } = change;
  return cause === 'SET' ? { kind: 'set', key, revision } : { kind: 'key', key };
}

function causeOf({ kind }: NearChange): DropCause {
  if (kind === 'epoch') return 'epoch';
  return kind === 'wide' ? 'wide' : 'changed';
}
