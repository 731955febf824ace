import { streamEncoder } from '../api/stream-encoder.ts';
import { CacheManager } from '../cache/cache-manager.ts';
import type { DeferredInvalidations } from '../cache/deferred-invalidations.ts';
import { LeaseWaiters } from '../cache/lease-waiters.ts';
import { LocalEntries } from '../cache/local-entries.ts';
import { NamespaceRegistry } from '../cache/namespace-registry.ts';
import { TokenSealer } from '../cache/token-sealer.ts';
import { InvalidationHub } from '../invalidation/invalidation-hub.ts';
import type { Change } from '../store/store.ts';
import { deferredInvalidations } from './deferring.ts';
import type { ServerParts } from './server-parts.ts';

/** What answers calls, whatever port they come by. */
export interface Heart {
  readonly namespaces: NamespaceRegistry;
  readonly manager: CacheManager;
  readonly hub: InvalidationHub;
  readonly waiters: LeaseWaiters;
  readonly locals: LocalEntries;
  readonly deferred: DeferredInvalidations | undefined;
  /** Stops following the store. */
  readonly close: () => void;
}

/** Opens it over the store. Nothing runs by itself yet. */
export async function openHeart(parts: ServerParts): Promise<Heart> {
  const { config, clock, random, store, documents } = parts;
  const { capacityBytes, fleet } = config;
  const namespaces = await NamespaceRegistry.open(
    { ...parts, capacityBytes, shared: fleet !== undefined },
    config.namespaces,
  );
  const [waiters, locals] = [new LeaseWaiters(clock), new LocalEntries(clock)];
  const tokens = new TokenSealer(await documents.secret('tokens'), documents.deploymentId, random);
  const onChange = (change: Change): void => waiters.onChange(change);
  const stopWaking = store.watch((news) => {
    if (news.kind === 'released') waiters.wakeNext(news.ref);
    else if (news.kind !== 'changed') waiters.wakeAll();
  });
  const hub = await InvalidationHub.open({ store, clock, random, tokens, encoder: streamEncoder(), onChange });
  store.learnStreams((partition) => hub.toldUpTo(partition));
  const deferred = deferredInvalidations(parts);
  const manager = new CacheManager({ store, random, tokens, waiters, locals, deferred });
  const close = (): void => {
    hub.close();
    stopWaking();
  };
  return { namespaces, manager, hub, waiters, locals, deferred, close };
}
