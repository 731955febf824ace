import type { Namespace } from '../cache/namespace.ts';
import type { Store } from '../store/store.ts';
import type { NamespaceMetrics } from '../telemetry/metric-sources.ts';

/** Returns what all namespaces tell when metrics are scraped. */
export function namespaceMetrics(store: Store, namespaces: readonly Namespace[]): Promise<NamespaceMetrics[]> {
  return Promise.all(
    namespaces.map(async ({ id, name, counters }) => {
      const usage = await store.usage(id);
      const { watermarks, watermarkFolds } = usage;
      return { name, counters, usage, watermarks, watermarkFolds };
    }),
  );
}
