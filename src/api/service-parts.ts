import type { Check } from '../admin/check.ts';
import type { Clock } from '../base/clock.ts';
import type { CacheManager } from '../cache/cache-manager.ts';
import type { NamespaceRegistry } from '../cache/namespace-registry.ts';
import type { InvalidationHub } from '../invalidation/invalidation-hub.ts';
import type { Store } from '../store/store.ts';
import type { Log } from '../telemetry/log.ts';

/** What the handlers of the services work with. */
export interface ServiceParts {
  readonly manager: CacheManager;
  readonly namespaces: NamespaceRegistry;
  readonly store: Store;
  readonly hub: InvalidationHub;
  readonly clock: Clock;
  readonly log: Log;
  /** What Doctor looks at. */
  readonly checks: readonly Check[];
}
