import assert from 'node:assert/strict';
import { revisionOf } from '../../../src/cache/revision.ts';
import type { TokenSealer } from '../../../src/cache/token-sealer.ts';
import type { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { Change } from '../../../src/store/store.ts';
import type { Mark } from './history.ts';

/**
 * The order in which changes really happened, by the store's own log. A store that takes another's place goes on
 * counting where that one ended.
 */
export class LoggedOrder {
  readonly #tokens: TokenSealer;
  readonly #changes: Change[] = [];
  readonly #orders = new Map<string, number>();
  readonly #epochs = new Set<string>();

  /** @param tokens opens the tokens of the server under test */
  constructor(tokens: TokenSealer) {
    this.#tokens = tokens;
  }

  /** Changes logged so far: the order of the newest. */
  get at(): number {
    return this.#changes.length;
  }

  /** The changes, in order. */
  get changes(): readonly Change[] {
    return this.#changes;
  }

  /** Listens to a store from before its first change. One that is known already is heard already. */
  observe(store: Pick<MemoryStore, 'heads' | 'watch'>): void {
    const [head, ...others] = store.heads();
    assert.ok(head !== undefined && others.length === 0, 'the order of all changes needs a single partition');
    const { epoch, number } = head.position;
    if (this.#epochs.has(epoch)) return;
    assert.equal(number, 0, 'the store has changed before anybody listened');
    this.#epochs.add(epoch);
    this.#orders.set(revisionOf(head.position), this.at);
    store.watch((news) => {
      assert(news.kind === 'changed', 'memory has one history');
      const { change } = news;
      this.#changes.push(change);
      this.#orders.set(revisionOf(change.position), this.at);
    });
  }

  /** Returns the order of a namespace's newest change; 0 if it has none. */
  newestOf(namespaceId: string): number {
    return this.#changes.findLastIndex((change) => change.namespaceId === namespaceId) + 1;
  }

  /** Returns the order of the change with this revision. */
  orderOf(revision: string): number | undefined {
    return this.#orders.get(revision);
  }

  /** Returns what a token says; `undefined` if it can't be opened or names a change that has not happened. */
  markOf(token: string): Mark | undefined {
    const content = this.#tokens.open(token);
    const position = content?.positions[0]?.position;
    const at = position === undefined ? undefined : this.#orders.get(revisionOf(position));
    if (content === undefined || position === undefined || at === undefined) return undefined;
    return { namespaceId: content.namespaceId, epoch: position.epoch, at };
  }
}
