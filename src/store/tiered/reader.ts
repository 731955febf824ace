import type { Clock } from '../../base/clock.ts';
import { mayFill } from '../../cache/rules/fill-fence.ts';
import { faultIn, type Moment } from '../../cache/rules/moment.ts';
import { tokenUnusable } from '../../cache/rules/token-unusable.ts';
import { judge, type Visibility } from '../../cache/rules/visibility.ts';
import type { Found, PartitionStore, Told } from '../partition-store.ts';
import type { Freshness, News, ReadResult, StoredEntry } from '../store.ts';
import type { ControlReader } from './control-reader.ts';
import { Flights, type FlightTime } from './flights.ts';
import type { Home } from './home.ts';
import { judgeFound } from './judge-found.ts';
import { momentOf } from './moment-of.ts';
import type { PartitionView } from './partition-view.ts';
import { askProven } from './proven.ts';
import { recentKey } from './recent-key.ts';

/** What reads work with. */
export interface ReaderParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly controls: ControlReader;
  readonly maxLagMs: number;
  /** Milliseconds for which the proof counts that a primary is in force: no older one is read through to. */
  readonly proofAgeMsMax: number;
}

/** Where reads were answered from. */
export interface ReadCounts {
  /** From L1, absences included. */
  readonly l1: number;
  /** From the store. */
  readonly l2: number;
  /** By the read of another caller. */
  readonly joined: number;
  /** Read, but kept out of L1 by the fill fence. */
  readonly fenced: number;
}

/** An answer of the store to a read, and when it was asked for. */
interface Answer extends Told {
  readonly sentAtMs: number;
}

/**
 * Reads: from L1 while the permits of the key's partition and of the control partition hold and it reaches as far as is
 * asked, else through to the store, whose answer enters L1 if the fill fence lets it.
 */
export class Reader {
  readonly #parts: ReaderParts;
  readonly #flights: Flights;
  #l1 = 0;
  #l2 = 0;
  #fenced = 0;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#flights = new Flights(parts.maxLagMs);
  }

  /** Where reads were answered from. */
  get counts(): ReadCounts {
    return { l1: this.#l1, l2: this.#l2, joined: this.#flights.joined, fenced: this.#fenced };
  }

  /** Reads one key. @throws OperatingError STORE_UNAVAILABLE, TOKEN_UNUSABLE */
  read(home: Home, key: string, freshness: Freshness): ReadResult | Promise<ReadResult> {
    const atLeast = momentOf(freshness);
    const monotonicMs = this.#parts.clock.monotonicMs();
    const cached = freshness.kind === 'latest' ? undefined : this.#fromTier(home, key, atLeast, monotonicMs);
    if (cached !== undefined) {
      this.#l1++;
      return cached;
    }
    if (freshness.kind !== 'any') return this.#through(home, key, freshness, { asOfMs: monotonicMs });
    const name = recentKey(home.id, key);
    const joined = this.#flights.join(name, monotonicMs);
    if (joined !== undefined) return joined;
    const asOfMs = Math.min(monotonicMs, home.viewOf(key).proof?.provenAtMs ?? monotonicMs);
    return this.#flights.start(name, asOfMs, (flight) => this.#through(home, key, freshness, flight));
  }

  /** Reads several keys, those of one partition that are not in L1 in one go; results in the order of the keys. */
  async readMany(home: Home, keys: readonly string[], freshness: Freshness): Promise<readonly ReadResult[]> {
    const atLeast = momentOf(freshness);
    const monotonicMs = this.#parts.clock.monotonicMs();
    const results = new Array<ReadResult>(keys.length);
    const missing = new Map<PartitionView, number[]>();
    for (const [index, key] of keys.entries()) {
      const cached = freshness.kind === 'latest' ? undefined : this.#fromTier(home, key, atLeast, monotonicMs);
      if (cached === undefined) addTo(missing, home.viewOf(key), index);
      else {
        this.#l1++;
        results[index] = cached;
      }
    }
    await Promise.all(
      [...missing].map(async ([view, indexes]) => {
        const wanted = indexes.map((index) => keys[index]!);
        const read = await this.#ask(home, view, wanted, freshness, { asOfMs: monotonicMs });
        for (const [at, index] of indexes.entries()) results[index] = read[at]!;
      }),
    );
    return results;
  }

  /** Returns what L1 would answer to a read without a token now, if it would. Counts for nothing, and is no use. */
  peek(home: Home, key: string): ReadResult | undefined {
    return this.#fromTier(home, key, [], this.#parts.clock.monotonicMs(), { isUse: false });
  }

  /** Offers an entry that this node wrote itself to L1, through the same fence as reads. */
  offer(home: Home, entry: StoredEntry): void {
    const view = home.viewOf(entry.key);
    if (this.#mayFill(home, view, entry.key, entry.position.number, entry.position)) {
      home.tier.keep(entry, view.nowMs(this.#parts.clock.monotonicMs()));
    }
  }

  /**
   * Hears what is applied. Whoever comes after an invalidation was joins no read from before it: others may have been told
   * by a receipt that this node serves nothing older any more.
   */
  hear(news: News): void {
    if (news.kind !== 'changed' || news.change.kind !== 'invalidate') return;
    const { namespaceId, selector } = news.change;
    this.#flights.seal(selector.kind === 'key' ? recentKey(namespaceId, selector.key) : undefined);
  }

  #fromTier(
    home: Home,
    key: string,
    atLeast: Moment,
    monotonicMs: number,
    { isUse }: { readonly isUse: boolean } = USED,
  ): ReadResult | undefined {
    const { maxLagMs, controls } = this.#parts;
    const view = home.viewOf(key);
    const { chain } = view;
    const control = controls.own(home);
    if (chain === undefined || control === undefined || !view.permitted(monotonicMs, maxLagMs)) return undefined;
    if (atLeast.length > 0) {
      if (faultIn(atLeast, view.partition, chain, view.applied) !== undefined) return undefined;
      if (faultIn(atLeast, home.control.partition, control.chain, home.control.applied) !== undefined) return undefined;
    }
    const nowMs = view.nowMs(monotonicMs);
    const entry = isUse ? home.tier.use(key, nowMs) : home.tier.find(key, nowMs);
    if (entry === undefined) return this.#absence(home, view, key, monotonicMs);
    const visibility = judge(control, entry.stamp, entry);
    if (visibility === 'removed') return undefined;
    return { entry, visibility, absence: 'unknown', moment: momentAt(view, home.control), nowMs };
  }

  /** An absence holds up to where the tails have come: any change of the key would have dropped it. */
  #absence(home: Home, view: PartitionView, key: string, monotonicMs: number): ReadResult | undefined {
    const absence = home.tier.absence(key, monotonicMs);
    if (absence === undefined) return undefined;
    const nowMs = view.nowMs(monotonicMs);
    const moment = momentAt(view, home.control);
    return { entry: undefined, visibility: 'visible', absence: absence.cause, moment, nowMs };
  }

  async #through(home: Home, key: string, freshness: Freshness, flight: FlightTime): Promise<ReadResult> {
    const [result] = await this.#ask(home, home.viewOf(key), [key], freshness, flight);
    return result!;
  }

  /** Reads keys of one partition from the store. */
  async #ask(
    home: Home,
    view: PartitionView,
    keys: readonly string[],
    freshness: Freshness,
    flight: FlightTime,
  ): Promise<ReadResult[]> {
    const { partitions, clock, controls, proofAgeMsMax } = this.#parts;
    const sentAtMs = clock.monotonicMs();
    const told = await askProven(view, { sentAtMs, proofAgeMsMax }, () =>
      partitions.read(view.partition, home.id, keys),
    );
    view.noteTime(told, sentAtMs);
    const fault = faultIn(momentOf(freshness), view.partition, told.chain, told.head);
    if (fault !== undefined) throw tokenUnusable(fault);
    this.#l2 += keys.length;
    const judged = await judgeFound(controls, home, view, told, freshness, flight);
    const answer = { ...told, sentAtMs };
    return keys.map((key, index) =>
      this.#result(home, view, key, answer, told.found[index]!, judged.visibilities[index]!, judged.moment),
    );
  }

  #result(
    home: Home,
    view: PartitionView,
    key: string,
    answer: Answer,
    { entry, absence }: Found,
    visibility: Visibility,
    moment: Moment,
  ): ReadResult {
    const monotonicMs = this.#parts.clock.monotonicMs();
    const nowMs = monotonicMs - answer.sentAtMs + answer.nowMs;
    const head = { epoch: answer.chain.epoch, number: answer.head };
    const number = entry === undefined ? answer.head : entry.position.number;
    if (!this.#mayFill(home, view, key, number, head)) this.#fenced++;
    else if (entry === undefined) {
      const goneAtMs = answer.sentAtMs + this.#parts.maxLagMs;
      home.tier.keepAbsence(key, { number, cause: absence, goneAtMs }, nowMs);
    } else if (visibility !== 'removed') home.tier.keep(entry, nowMs);
    return { entry, visibility, absence, moment, nowMs };
  }

  #mayFill(home: Home, view: PartitionView, key: string, number: number, head: StoredEntry['position']): boolean {
    const { chain, recent } = view;
    if (chain === undefined) return false;
    const nowMs = view.nowMs(this.#parts.clock.monotonicMs());
    const newestChange = recent.newestOf(recentKey(home.id, key));
    const present = home.tier.numberOf(key, nowMs);
    return mayFill({ epoch: chain.epoch, newestChange, present }, { number, head });
  }
}

const USED = { isUse: true } as const;

/** What L1 had seen: up to where the tails have come. */
function momentAt(view: PartitionView, control: PartitionView): Moment {
  return view === control ? view.moment : [...view.moment, ...control.moment];
}

function addTo(missing: Map<PartitionView, number[]>, view: PartitionView, index: number): void {
  const indexes = missing.get(view);
  if (indexes === undefined) missing.set(view, [index]);
  else indexes.push(index);
}
