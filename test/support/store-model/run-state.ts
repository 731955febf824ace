import assert from 'node:assert/strict';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import { Lru } from '../../../src/policy/lru.ts';
import type { MemoryLimits } from '../../../src/store/memory/memory-namespace.ts';
import { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { Applied, Change, EntryRef, NamespaceId } from '../../../src/store/store.ts';
import { ManualClock } from '../manual-clock.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { NamespaceModel } from './namespace-model.ts';

/** How a run differs from a plain one. */
export interface RunOptions {
  readonly limits: MemoryLimits;
  /** Whether the store is swept each time that time passes, or finds out by itself. */
  readonly swept: boolean;
  readonly validateEvery: number;
}

/** The head of the log as a read told it: a fence may be made of it. */
export interface SeenHead {
  readonly key: string;
  readonly number: number;
  readonly givenAtMs: number;
}

/** A change that was applied under a request id. */
export interface RememberedChange {
  /** Namespace, key and request id. */
  readonly name: string;
  readonly applied: Applied;
  readonly note: string | undefined;
}

/** The store of a run beside its models, what was learned from the store, and what the step at hand is about. */
export class RunState {
  readonly random: SeededRandom;
  readonly options: RunOptions;
  readonly clock = new ManualClock();
  readonly store: MemoryStore;
  readonly models = new Map<NamespaceId, NamespaceModel>();
  /** What the store told its watcher in this step. */
  readonly changes: Change[] = [];
  readonly seenHeads: SeenHead[] = [];
  /** Every lease id that was ever granted, the newest last. */
  readonly leaseIds: string[] = [];
  remembered: RememberedChange[] = [];
  /** Number of the last change. */
  number = 0;
  /** The namespace and the key that this step is about. */
  namespaceId = '' as NamespaceId;
  key = '';

  constructor(random: SeededRandom, options: RunOptions) {
    this.random = random;
    this.options = options;
    const makePolicy = (slotCount: number): Lru => new Lru(slotCount);
    this.store = new MemoryStore({ clock: this.clock, random, makePolicy, limits: options.limits });
    this.store.watch((news) => {
      assert.equal(news.kind, 'changed', 'memory has one history');
      if (news.kind === 'changed') this.changes.push(news.change);
    });
  }

  /** The model of this step's namespace. */
  get model(): NamespaceModel {
    return this.models.get(this.namespaceId)!;
  }

  get nowMs(): number {
    return this.clock.nowMs();
  }

  /** This step's entry. */
  get ref(): EntryRef {
    return { namespaceId: this.namespaceId, key: this.key };
  }

  /** Whether the store may remember fewer absent keys than the model does. */
  get fewTombstones(): boolean {
    return this.options.limits.tombstonesPerNamespaceMax !== undefined;
  }

  /** Returns the position of a number in the store's epoch. */
  position(number: number): Position {
    return { epoch: this.store.chain(0).epoch, number };
  }

  /** Returns the moment at which a number was the newest. */
  moment(number: number): Moment {
    return [{ partition: 0, position: this.position(number) }];
  }
}
