import { AgeMap } from '../../base/age-map.ts';
import { limits } from '../../base/limits.ts';
import { overtakes } from '../../cache/rules/fill-fence.ts';
import type { Selector } from '../../cache/rules/selector.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import { MemorySegment, type SlotPage } from '../memory/memory-segment.ts';
import { Tombstones } from '../memory/tombstones.ts';
import { weightBytes } from '../memory/weight.ts';
import type { RemovalCause, StoredEntry } from '../store.ts';
import { Withheld } from './withheld.ts';

/** The store had nothing under a key: remembered for no longer than a node may lag. */
export interface Absence {
  /** Head of the key's partition when that was found. */
  readonly number: number;
  readonly cause: RemovalCause;
  /** Monotonic time at which it is forgotten, in milliseconds. */
  readonly goneAtMs: number;
}

/** What a tier is made of. */
export interface TierParts {
  readonly capacityBytes: number;
  /** Store time, in milliseconds. */
  readonly nowMs: number;
  readonly makePolicy: PolicyFactory;
}

/** Picks what leaves, by key and number. */
export type Pick = (key: string, number: number, entry: StoredEntry | undefined) => boolean;

const LIST_PAGE = 4096;

/**
 * L1 of one namespace: entries within its budget of memory, and absences. Lifetimes are the store's. Whether something
 * may enter or be served is decided outside; here it only is.
 */
export class MemoryTier {
  readonly #segment: MemorySegment;
  readonly #absences = new AgeMap<Absence>();
  #withheld: Withheld | undefined;

  constructor({ capacityBytes, nowMs, makePolicy }: TierParts) {
    // L1 needs no memory of what left: the store below has it.
    const tombstones = new Tombstones(1);
    this.#segment = new MemorySegment({ capacityBytes, nowMs, makePolicy, tombstones });
  }

  /** Returns an entry that is not gone, and counts a use. None that is withheld. */
  use(key: string, nowMs: number): StoredEntry | undefined {
    const entry = this.#segment.use(key, nowMs);
    return this.#withheld?.covers(entry) === true ? undefined : entry;
  }

  /** Returns an entry that is not gone; no use. */
  find(key: string, nowMs: number): StoredEntry | undefined {
    return this.#segment.find(key, nowMs);
  }

  /** Returns up to `entriesMax` entries in slots from `from`, and where the next page begins: `undefined` at the end. */
  page(from: number, entriesMax: number, nowMs: number): SlotPage {
    return this.#segment.list(from, entriesMax, nowMs);
  }

  /** Returns an absence that is still remembered. */
  absence(key: string, monotonicMs: number): Absence | undefined {
    if (this.#absences.size === 0) return undefined;
    const absence = this.#absences.get(key);
    if (absence === undefined || monotonicMs < absence.goneAtMs) return absence;
    this.#absences.delete(key);
    return undefined;
  }

  /** Returns the number under which a key is held, as entry or absence. */
  numberOf(key: string, nowMs: number): number | undefined {
    return this.#segment.find(key, nowMs)?.position.number ?? this.#absences.get(key)?.number;
  }

  /** Holds a copy of an entry, unless it alone exceeds the budget. */
  keep(entry: StoredEntry, nowMs: number): void {
    this.#absences.delete(entry.key);
    const weight = weightBytes(entry.key, entry);
    if (weight <= this.#segment.capacityBytes) this.#segment.put(entry, weight, nowMs);
    else this.#remove(entry.key, nowMs);
  }

  /** Remembers that a key has no entry. */
  keepAbsence(key: string, absence: Absence, nowMs: number): void {
    this.#remove(key, nowMs);
    this.#absences.set(key, absence);
    if (this.#absences.size > limits.absencesPerNamespaceMax) this.#absences.delete(this.#absences.oldest()!.key);
  }

  /** Drops what change `number` of a key overtakes. */
  drop(key: string, number: number, nowMs: number): void {
    const held = this.numberOf(key, nowMs);
    if (held === undefined || !overtakes(number, held)) return;
    this.#remove(key, nowMs);
    this.#absences.delete(key);
  }

  /** Drops what is picked. Returns how many. Linear in what is held. */
  dropWhere(pick: Pick, nowMs: number): number {
    const picked = this.#entries(nowMs).filter((entry) => pick(entry.key, entry.position.number, entry));
    for (const { key } of picked) this.#remove(key, nowMs);
    const absences = this.#absences.entries().filter(({ key, value }) => pick(key, value.number, undefined));
    for (const { key } of absences) this.#absences.delete(key);
    return picked.length + absences.length;
  }

  /**
   * Gives nothing out any more that a selector covers, until it is released: an invalidation waits for the store. A key is
   * dropped at once; to look for all else that is covered would take long where much is held, and more may follow.
   */
  withhold(selector: Selector, nowMs: number): void {
    if (selector.kind === 'key') {
      this.#remove(selector.key, nowMs);
      return;
    }
    this.#withheld ??= new Withheld();
    this.#withheld.add(selector);
  }

  /** Drops what was withheld, and withholds nothing. Linear in what is held if anything was. */
  releaseWithheld(nowMs: number): void {
    const withheld = this.#withheld;
    this.#withheld = undefined;
    if (withheld !== undefined) this.dropWhere((_key, _number, entry) => withheld.covers(entry), nowMs);
  }

  /** Changes the budget; evicts at once what does not fit. */
  resize(capacityBytes: number, nowMs: number): void {
    this.#segment.resize(capacityBytes, nowMs);
  }

  /** Frees what is gone, touching at most `workMax` entries. Returns how many it touched. */
  expireDue(nowMs: number, workMax: number): number {
    return this.#segment.expireDue(nowMs, workMax);
  }

  /** What memory holds. */
  usage(): ReturnType<MemorySegment['usage']> {
    return this.#segment.usage();
  }

  /** Throws if the structure is broken. Linear. */
  validate(): void {
    this.#segment.validate();
  }

  #remove(key: string, nowMs: number): void {
    if (this.#segment.find(key, nowMs) !== undefined) this.#segment.remove(key, 0, 'unknown', nowMs);
  }

  #entries(nowMs: number): StoredEntry[] {
    const entries: StoredEntry[] = [];
    for (let from: number | undefined = 0; from !== undefined; ) {
      const page: { entries: readonly StoredEntry[]; next: number | undefined } = this.#segment.list(
        from,
        LIST_PAGE,
        nowMs,
      );
      entries.push(...page.entries);
      from = page.next;
    }
    return entries;
  }
}
