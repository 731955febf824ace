import type { Selector } from '../cache/rules/selector.ts';
import type { NamespaceId } from './store.ts';

/** Memory in front of a store, which goes on being read while the store is away. */
export interface WithholdingMemory {
  /** Serves nothing any more of what is held and the selectors cover, until it is released. */
  withhold(namespaceId: NamespaceId, selectors: readonly Selector[]): void;
  /** Forgets all that was withheld: the store knows of it by now. */
  release(): void;
}
