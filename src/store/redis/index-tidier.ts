import type { Partition } from '../../cache/rules/position.ts';
import type { NamespaceId } from '../store.ts';
import { listKeys, tidyKeys } from './list-keys.ts';
import type { PartitionCalls } from './partition-calls.ts';

/** New keys between two pages, and keys of a page: for each new key that many are looked at. */
const INSERTS_PER_PAGE = 100;
const PAGE_KEYS = 400;

/** Indexes that are remembered. Beyond it the one that was begun first begins anew. */
const INDEXES_MAX = 10_000;

interface Walk {
  inserts: number;
  after: string;
  /** A page is under way. */
  busy: boolean;
}

/**
 * Takes keys out of the indexes whose entries expired or were evicted: Redis removes those by itself, but nothing removes
 * them from the index. It goes through an index as fast as keys are added, a few for each, so that an index never holds
 * much more than what is there. A page that fails is left: the next one follows.
 */
export class IndexTidier {
  readonly #calls: PartitionCalls;
  readonly #walks = new Map<string, Walk>();
  #closed = false;

  constructor(calls: PartitionCalls) {
    this.#calls = calls;
  }

  /** Counts a key that was added to an index; now and then goes on through that index. */
  onInsert(partition: Partition, namespaceId: NamespaceId): void {
    const walk = this.#walkOf(`${partition}:${namespaceId}`);
    walk.inserts++;
    if (walk.inserts < INSERTS_PER_PAGE || walk.busy || this.#closed) return;
    walk.inserts = 0;
    walk.busy = true;
    this.#page(partition, namespaceId, walk)
      .catch(() => {})
      .finally(() => {
        walk.busy = false;
      });
  }

  /** Begins no more pages. */
  close(): void {
    this.#closed = true;
  }

  async #page(partition: Partition, namespaceId: NamespaceId, walk: Walk): Promise<void> {
    const keys = await listKeys(this.#calls, partition, namespaceId, { after: walk.after, keysMax: PAGE_KEYS });
    walk.after = keys.length < PAGE_KEYS ? '' : keys.at(-1)!;
    await tidyKeys(this.#calls, partition, namespaceId, keys);
  }

  #walkOf(name: string): Walk {
    const known = this.#walks.get(name);
    if (known !== undefined) return known;
    if (this.#walks.size >= INDEXES_MAX) this.#walks.delete(this.#walks.keys().next().value!);
    const walk: Walk = { inserts: 0, after: '', busy: false };
    this.#walks.set(name, walk);
    return walk;
  }
}
