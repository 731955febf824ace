import type { StoredLease } from '../../../src/cache/rules/lease.ts';
import type { Partition, Position } from '../../../src/cache/rules/position.ts';
import { type Coverable, covers, type InvalidationMode, type Selector } from '../../../src/cache/rules/selector.ts';
import type { Promised } from '../promises/sentences.ts';
import { type Change, type Effect, effectWords } from './effect.ts';
import type { Value } from './value.ts';

/** An invalidation that a caller asked for. */
export interface Invalidation {
  readonly id: number;
  readonly selector: Selector;
  readonly mode: InvalidationMode;
  readonly invokedAtMs: number;
  ackedAtMs: number | undefined;
  /** The node that acknowledged, and which of its lives. */
  ackedBy: { readonly node: number; readonly generation: number } | undefined;
  /** What callers' tries did. */
  readonly effects: Effect[];
  /** What nodes did that made it again. */
  readonly reissues: Effect[];
}

/** A change of one key and whoever asked for it. */
export interface KeyChange {
  readonly effect: Effect;
  readonly operation: { readonly ackedAtMs: number | undefined };
}

/** A lease that a server granted. */
export interface Grant {
  readonly key: string;
  readonly partition: Partition;
  readonly lease: StoredLease;
  readonly grantedAtMs: number;
  /** What had happened when its miss was judged, as a serial number. */
  readonly seenSerial: number;
  /** The newest change that its server had applied, as a serial number. */
  readonly afterSerial: number;
  /** True while a failover has lost it. */
  lost: boolean;
}

/** A broken promise, with what shows it. */
export interface Breach {
  readonly promise: Promised;
  readonly evidence: string;
}

/**
 * What really happened, with real times: what callers asked for, what servers did, and what was lost. It never looks at
 * stamps, watermarks or positions, but to find out which effect the fleet means by one.
 */
export class Truth {
  readonly breaches: Breach[] = [];
  readonly values: Value[] = [];
  readonly invalidations: Invalidation[] = [];
  readonly keyChanges = new Map<string, KeyChange[]>();
  readonly grants = new Map<string, Grant[]>();
  readonly effects: Effect[][];
  /** When each partition was last wiped: what was invalidated before is gone with it. */
  readonly wipedAtMs: number[];
  readonly #named = new Map<string, Effect>();
  /** The first change of every epoch. */
  readonly #begun = new Map<string, Effect>();
  #serial = 0;

  constructor(partitions: number) {
    this.wipedAtMs = Array.from({ length: partitions }, () => Number.NEGATIVE_INFINITY);
    this.effects = Array.from({ length: partitions }, () => []);
  }

  /** Writes down that a server applied a change. A position may name one change only. */
  happened(facts: Omit<Effect, 'serial' | 'everLost' | 'standsSinceMs'>): Effect {
    const everLost = facts.lostAtMs !== undefined;
    const effect: Effect = { ...facts, serial: ++this.#serial, standsSinceMs: facts.atMs, everLost };
    const name = nameOf(effect.partition, effect.position);
    const other = this.#named.get(name);
    if (other !== undefined) this.breach('RevisionUnique', () => `${effectWords(other)} and ${effectWords(effect)}`);
    this.#named.set(name, effect);
    if (effect.change.kind === 'epoch') {
      this.#begun.set(nameOf(effect.partition, { epoch: effect.position.epoch, number: 0 }), effect);
    }
    this.effects[effect.partition]!.push(effect);
    return effect;
  }

  /** Writes down which operation a change of one key belongs to. */
  keyChanged(key: string, change: KeyChange): void {
    const changes = this.keyChanges.get(key);
    if (changes === undefined) this.keyChanges.set(key, [change]);
    else changes.push(change);
  }

  /** Writes down which effects are part of the history in force after a failover. */
  restand(partition: Partition, standing: ReadonlySet<Effect>, nowMs: number): number {
    let lost = 0;
    for (const effect of this.effects[partition]!) {
      if (standing.has(effect)) {
        if (effect.lostAtMs !== undefined) effect.standsSinceMs = nowMs;
        effect.lostAtMs = undefined;
      } else if (effect.lostAtMs === undefined) {
        effect.lostAtMs = nowMs;
        effect.everLost = true;
        lost++;
      }
    }
    return lost;
  }

  /** Writes down which leases are held in the history in force after a failover. */
  restandGrants(partition: Partition, standing: ReadonlySet<StoredLease>): void {
    for (const grants of this.grants.values()) {
      for (const grant of grants) if (grant.partition === partition) grant.lost = !standing.has(grant.lease);
    }
  }

  /**
   * Returns the effect that a position names. After a fork the numbers up to it are those of the epoch before, but the
   * new epoch names them as well.
   */
  effectAt(partition: Partition, position: Position): Effect | undefined {
    const named = this.#named.get(nameOf(partition, position));
    if (named !== undefined) return named;
    let shared = this.beginningOf(partition, position)?.previous;
    while (shared !== undefined && shared.position.number > position.number) shared = shared.previous;
    return shared;
  }

  /** Returns the first change of a position's epoch. */
  beginningOf(partition: Partition, { epoch }: Position): Effect | undefined {
    return this.#begun.get(nameOf(partition, { epoch, number: 0 }));
  }

  /** Writes down that a promise was broken. */
  breach(promise: Promised, evidence: () => string): void {
    if (this.breaches.length < 20) this.breaches.push({ promise, evidence: evidence() });
  }
}

/** Tells whether a change covers an entry. */
export function changeCovers(change: Change, entry: Coverable): boolean {
  if (change.kind === 'epoch') return false;
  return change.kind === 'invalidate' ? covers(change.selector, entry) : change.key === entry.key;
}

function nameOf(partition: Partition, { epoch, number }: Position): string {
  return `${partition} ${epoch} ${number}`;
}
