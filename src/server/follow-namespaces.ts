import type { Clock, Timer } from '../base/clock.ts';
import type { FollowedChange, NamespaceRegistry } from '../cache/namespace-registry.ts';
import type { InvalidationHub } from '../invalidation/invalidation-hub.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import type { Log } from '../telemetry/log.ts';
import { seldom } from '../telemetry/seldom.ts';
import { repeat } from './repeat.ts';

/** What is needed to follow. */
export interface FollowParts {
  readonly namespaces: NamespaceRegistry;
  readonly documents: ControlDocuments;
  readonly hub: Pick<InvalidationHub, 'endNamespace'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Milliseconds after which it looks without being told: what failed is tried again, what was not told is found. */
const LOOK_INTERVAL_MS = 1000;
const FAILURE_LOG_INTERVAL_MS = 10_000;

/** Follows what other nodes do to namespaces, at once and until it is stopped. Streams of deleted ones end. */
export function followNamespaces({ namespaces, documents, hub, clock, log }: FollowParts): Timer {
  const onFailure = seldom<unknown>(clock, FAILURE_LOG_INTERVAL_MS, (error, suppressed) =>
    log.write('backgroundWorkFailed', { work: 'namespaces', suppressed, error }),
  );
  namespaces.follow(({ kind, namespace }: FollowedChange) => {
    if (kind === 'deleted') hub.endNamespace(namespace.id);
    log.write('namespaceFollowed', { namespace: namespace.name, change: kind, version: namespace.version });
  });
  const look = (): void => void namespaces.catchUp().catch(onFailure);
  const looks = repeat(clock, LOOK_INTERVAL_MS, look, onFailure);
  const stopListening = documents.onChange(look);
  look();
  return {
    stop: () => {
      stopListening();
      looks.stop();
    },
  };
}
