import type { MaybePromise } from '../base/maybe-promise.ts';
import type { CacheParts } from './cache-parts.ts';
import { entryLifetime } from './entry-lifetime.ts';
import type { Namespace } from './namespace.ts';
import { type SetCommand, type SetOutcome, setEntry } from './set-entry.ts';
import { whenUnavailable } from './when-unavailable.ts';

/**
 * Writes one entry as `setEntry` does, or keeps it on this node alone where the store can't be reached and the namespace
 * chose so. Not with a condition, which nobody can judge, and not with a request id: whether an earlier try was applied
 * is what its caller wants to know, and only the store can tell.
 *
 * @throws OperatingError as `setEntry`; STORE_UNAVAILABLE too if the entry alone exceeds what is kept so
 */
export function setOrKeepLocally(
  parts: CacheParts,
  namespace: Namespace,
  command: SetCommand,
): MaybePromise<SetOutcome> {
  const { writeFallback, localTtlMs } = namespace.settings;
  const plain = command.condition.kind === 'none' && command.once === undefined;
  const apply = (): MaybePromise<SetOutcome> => setEntry(parts, namespace, command);
  if (writeFallback === 'refuse' || !plain) return apply();
  return whenUnavailable(apply, (error): SetOutcome => {
    const lifetime = entryLifetime(namespace, command, command.value === undefined, parts.random);
    const ttlMs = Math.min(lifetime.ttlMs, localTtlMs);
    const local = parts.locals.keep({ namespaceId: namespace.id, key: command.key }, command, ttlMs);
    if (local === undefined) throw error;
    return { kind: 'kept-locally', ttlMs, freshUntilMs: local.entry.freshUntilMs };
  });
}
