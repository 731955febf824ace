import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { PolicyFactory } from '../../policy/eviction-policy.ts';
import type { NamespaceId } from '../store.ts';
import { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';
import type { Placement } from './placement.ts';

/** What open namespaces are made of. */
export interface NamespacesParts {
  readonly clock: Clock;
  readonly placement: Placement;
  readonly makePolicy: PolicyFactory;
  readonly viewOf: (partition: Partition) => PartitionView;
}

/** The namespaces that are open on this node. */
export class Namespaces {
  readonly #parts: NamespacesParts;
  readonly #homes = new Map<NamespaceId, Home>();

  constructor(parts: NamespacesParts) {
    this.#parts = parts;
  }

  /** All that are open. */
  all(): Iterable<Home> {
    return this.#homes.values();
  }

  /** Returns an open namespace, or `undefined`. */
  find(namespaceId: NamespaceId): Home | undefined {
    return this.#homes.get(namespaceId);
  }

  /** Returns an open namespace. @throws OperatingError NAMESPACE_NOT_FOUND */
  get(namespaceId: NamespaceId): Home {
    const home = this.#homes.get(namespaceId);
    if (home === undefined) throw new OperatingError('NAMESPACE_NOT_FOUND', 'The namespace was deleted.');
    return home;
  }

  /** Opens a namespace, or changes its capacity. Returns it. */
  open(namespaceId: NamespaceId, capacityBytes: number): Home {
    const { clock, placement, makePolicy, viewOf } = this.#parts;
    const views = placement.partitionsOf(namespaceId).map(viewOf);
    const nowMs = views[0]!.nowMs(clock.monotonicMs());
    const open = this.#homes.get(namespaceId);
    if (open !== undefined) {
      open.tier.resize(capacityBytes, nowMs);
      return open;
    }
    const ofKey = (key: string): PartitionView => viewOf(placement.partitionOf({ namespaceId, key }));
    const home = new Home(namespaceId, views, ofKey, { capacityBytes, nowMs, makePolicy });
    this.#homes.set(namespaceId, home);
    return home;
  }

  /** Closes a namespace and forgets what it held. */
  close(namespaceId: NamespaceId): void {
    this.#homes.delete(namespaceId);
    this.#parts.placement.forget(namespaceId);
  }
}
