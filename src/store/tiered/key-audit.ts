import type { Position } from '../../cache/rules/position.ts';
import type { NamespaceId } from '../store.ts';
import { type AuditCounts, type AuditResult, createAuditCounts, type RepairCause } from './audit-counts.ts';
import type { AuditAfter, AuditScale } from './audit-scales.ts';
import { readTruths, type TruthParts } from './audit-truth.ts';
import { type Comparison, compareServed, type Served, type Truth } from './compare-served.ts';
import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';
import type { Reader } from './reader.ts';
import { sweepTier } from './tail.ts';

/** What was found wrong in L1, and mended. */
export interface AuditRepair {
  readonly cause: RepairCause;
  /** On which time scale it was seen. */
  readonly after: AuditAfter;
}

/** What looks at keys work with. */
export interface KeyAuditParts extends TruthParts {
  readonly reader: Pick<Reader, 'peek'>;
  readonly maxLagMs: number;
  readonly homeOf: (namespaceId: NamespaceId) => Home | undefined;
  /** Lets the heartbeat of a partition ask at once. */
  readonly ask: (view: PartitionView) => void;
  readonly onRepair: (repair: AuditRepair) => void;
  /** Does something later, unless too much waits or the auditor was closed. */
  readonly later: (delayMs: number, act: () => void | Promise<void>) => void;
}

/** A key of L1. */
export interface AuditedKey {
  readonly home: Home;
  readonly view: PartitionView;
  readonly key: string;
  /** A change of this very key that the tail has applied: L1 must serve nothing older from then on. */
  readonly change?: Position | undefined;
}

/** What L1 would serve of a key. */
interface Glimpse {
  readonly at: AuditedKey;
  readonly served: Served;
}

/** And what the primary, asked after that, said of it. */
interface Look extends Glimpse {
  readonly truth: Truth;
  readonly scale: AuditScale;
}

/** Milliseconds by which a timer of the machine may fire before its time. */
const EARLY_MS = 1;
/** Milliseconds until a foreign change is believed: another node may have deleted the namespace, which takes a second. */
const FOREIGN_AGE_MS = 2000;

/**
 * Compares what this node would answer from L1 with what the primary says. What L1 would serve is taken first and the
 * primary asked then, so that a difference may be a change on its way. It is believed when L1, looked at again, still
 * serves something older than the primary had as long ago as the time scale says: so long it was missing, at least.
 */
export class KeyAudit {
  readonly #parts: KeyAuditParts;
  readonly #counts = createAuditCounts();

  constructor(parts: KeyAuditParts) {
    this.#parts = parts;
  }

  /** What was found so far. */
  get counts(): Omit<AuditCounts, 'rounds'> {
    return this.#counts;
  }

  /** Looks at keys of one partition of a namespace. @throws OperatingError STORE_UNAVAILABLE; then nothing is counted */
  async look(keys: readonly AuditedKey[], scale: AuditScale): Promise<void> {
    const glimpses = keys.flatMap((at) => this.#glimpse(at, scale) ?? []);
    const [first] = glimpses;
    if (first === undefined) return;
    const { home, view } = first.at;
    const asked = glimpses.map(({ at }) => at.key);
    const truths = await readTruths(this.#parts, home, view, asked);
    for (const [index, glimpse] of glimpses.entries()) this.#judge({ ...glimpse, truth: truths[index]!, scale });
  }

  /** Returns what L1 serves, if the primary has to tell whether that is right. */
  #glimpse(at: AuditedKey, scale: AuditScale): Glimpse | undefined {
    const served = this.#servedNow(at);
    if (served === undefined) {
      this.#count(scale, 'read_through');
      return undefined;
    }
    if (!isOvertaken(at, served)) return { at, served };
    this.#count(scale, 'stale');
    this.#repair(at, served, 'older', { cause: 'stale', after: scale.afters[0]! });
    return undefined;
  }

  #judge(look: Look): void {
    const { at, served, truth, scale } = look;
    if (!isOfOneHistory(at, truth)) return;
    const comparison = compareServed(served, truth);
    switch (comparison) {
      case 'older':
      case 'unmarked':
        this.#parts.later(scale.ageMs + EARLY_MS, () => this.#lookAgain(look));
        return;
      case 'foreign':
        this.#count(scale, 'agreed');
        this.#parts.later(FOREIGN_AGE_MS, () => this.#confirmForeign(look));
        return;
      case 'same':
        this.#count(scale, 'agreed');
        return;
      case 'newer':
      case 'unknown':
        return;
    }
  }

  /** The primary had it so long ago: whatever L1 serves now must not be older. */
  #lookAgain({ at, truth, scale }: Look): void {
    if (!isOfOneHistory(at, truth)) return;
    const served = this.#servedNow(at);
    if (served === undefined) {
      this.#count(scale, 'read_through');
      return;
    }
    const comparison = compareServed(served, truth);
    const isStale = comparison === 'older' || comparison === 'unmarked';
    this.#count(scale, isStale ? 'stale' : 'agreed');
    if (!isStale || scale.ageMs < this.#parts.maxLagMs) return;
    this.#repair(at, served, comparison, { cause: 'stale', after: scale.afters.at(-1)! });
  }

  /** Asks once more: neither a change on its way nor a namespace that was just deleted is a foreign change. */
  async #confirmForeign({ at, served: before, scale }: Look): Promise<void> {
    const served = this.#servedNow(at);
    if (served?.position.number !== before.position.number) return;
    const [truth] = await readTruths(this.#parts, at.home, at.view, [at.key]);
    if (!isOfOneHistory(at, truth!) || compareServed(served, truth!) !== 'foreign') return;
    this.#repair(at, served, 'foreign', { cause: 'foreign', after: scale.afters.at(-1)! });
  }

  #repair({ home, view, key }: AuditedKey, { position }: Served, comparison: Comparison, repair: AuditRepair): void {
    const { clock, ask, onRepair } = this.#parts;
    const nowMs = view.nowMs(clock.monotonicMs());
    if (comparison === 'unmarked') {
      // What the table in memory lacks would not hide what is read next either: another table must be taken.
      sweepTier(home, nowMs);
      home.watermarks.clear();
    }
    home.tier.drop(key, position.number + 1, nowMs);
    ask(view);
    if (view !== home.control) ask(home.control);
    this.#counts.repairs[repair.cause]++;
    onRepair(repair);
  }

  /** What a read without a token would be answered from L1 now. */
  #servedNow({ home, view, key }: AuditedKey): Served | undefined {
    if (this.#parts.homeOf(home.id) !== home) return undefined;
    const read = this.#parts.reader.peek(home, key);
    const { chain } = view;
    if (read === undefined || chain === undefined) return undefined;
    const { entry, visibility } = read;
    if (entry !== undefined) return { entry, visibility, position: entry.position };
    const number = home.tier.numberOf(key, read.nowMs);
    return number === undefined ? undefined : { entry, visibility, position: { epoch: chain.epoch, number } };
  }

  #count({ afters }: AuditScale, result: AuditResult): void {
    for (const after of afters) this.#counts.checks[after][result]++;
  }
}

/** Tells whether the node follows the history that the primary's answer is of: one of them may not know of the other's. */
function isOfOneHistory({ view }: AuditedKey, { chain }: Truth): boolean {
  return view.chain?.epoch === chain.epoch;
}

/** Tells whether L1 serves something older than a change that it was told of. Numbers of another epoch say nothing. */
function isOvertaken({ view, change }: AuditedKey, { position }: Served): boolean {
  return change !== undefined && change.epoch === view.chain?.epoch && position.number < change.number;
}
