import type { Check } from '../admin/check.ts';
import { checkDocuments } from '../admin/check-documents.ts';
import { checkCapacity, checkSubscribers, checkWatermarks } from '../admin/check-namespaces.ts';
import { type CheckedSpool, checkSpool } from '../admin/check-spool.ts';
import { sharedLook } from '../admin/shared-look.ts';
import type { NamespaceRegistry } from '../cache/namespace-registry.ts';
import type { Config } from '../config/config.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import type { Store } from '../store/store.ts';
import { namespaceMetrics } from './namespace-metrics.ts';

/** A server, as its checks see it. */
export interface CheckedServer {
  readonly config: Config;
  readonly documents: ControlDocuments;
  readonly store: Store;
  /** Of what was opened with the store. */
  readonly checks?: readonly Check[];
  /** What it keeps while the store is away, if anything. */
  readonly deferred?: CheckedSpool | undefined;
}

/** Returns what Doctor looks at: what belongs to the store that the server runs on, and what every server has. */
export function serverChecks(
  { config, documents, store, checks = [], deferred }: CheckedServer,
  registry: NamespaceRegistry,
): readonly Check[] {
  const namespaces = sharedLook(() => namespaceMetrics(store, registry.all()));
  return [
    ...checks,
    ...(deferred === undefined ? [] : [checkSpool(deferred)]),
    checkCapacity(namespaces, { shared: config.fleet !== undefined }),
    checkWatermarks(namespaces),
    checkSubscribers(namespaces),
    checkDocuments(documents),
  ];
}
