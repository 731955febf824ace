import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Once, Retime } from '../store/store.ts';
import { type CacheParts, tokenAt } from './cache-parts.ts';
import { type AskedLifetime, entryLifetime } from './entry-lifetime.ts';
import { judgeFresh } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks to give one entry a new lifetime. */
export interface TouchCommand extends AskedLifetime {
  readonly key: string;
  readonly once: Once | undefined;
}

/** The outcome of a Touch. */
export type TouchOutcome =
  | { readonly kind: 'touched'; readonly change: Applied }
  | { readonly kind: 'not-touched'; readonly token: string }
  | { readonly kind: 'contended' };

/**
 * Gives a fresh entry a new lifetime; its stamp stays, so nothing that was invalidated comes back. A stale entry is left
 * as it is. A touch of a key without an entry is still a change: it voids leases and fences.
 *
 * @throws OperatingError TTL_OUT_OF_RANGE, STALE_WINDOW_OUT_OF_RANGE, REQUEST_IDS_FULL
 */
export function touchEntry(parts: CacheParts, namespace: Namespace, command: TouchCommand): MaybePromise<TouchOutcome> {
  if (command.once === undefined) return attempt(parts, namespace, command, 1);
  const ref = { namespaceId: namespace.id, key: command.key };
  return whenReady(parts.store.recall(ref, command.once.requestId), (earlier) =>
    earlier === undefined ? attempt(parts, namespace, command, 1) : outcomeOf(parts, namespace, earlier),
  );
}

function attempt(
  parts: CacheParts,
  namespace: Namespace,
  command: TouchCommand,
  tries: number,
): MaybePromise<TouchOutcome> {
  const { key, once } = command;
  const ref = { namespaceId: namespace.id, key };
  return whenReady(parts.store.read(ref), (read) => {
    const { entry, head, nowMs } = read;
    const negative = entry !== undefined && entry.value === undefined;
    const lifetime = entryLifetime(namespace, command, negative, parts.random);
    const fresh = judgeFresh(namespace.control, read).kind === 'present';
    if (!fresh && entry !== undefined) {
      return { kind: 'not-touched', token: tokenAt(parts, namespace, head, nowMs) };
    }
    const guard = { kind: 'unchanged', position: entry?.position } as const;
    const retime: Retime = { ...ref, ...lifetime, guard, ...(once === undefined ? {} : { once }) };
    return whenReady(parts.store.retime(retime), (answer) => {
      if (answer.kind === 'applied') return outcomeOf(parts, namespace, answer);
      return tries < limits.conditionAttemptsMax
        ? attempt(parts, namespace, command, tries + 1)
        : ({ kind: 'contended' } as const);
    });
  });
}

function outcomeOf(parts: CacheParts, namespace: Namespace, change: Applied): TouchOutcome {
  if (change.lifetime !== undefined) return { kind: 'touched', change };
  return { kind: 'not-touched', token: tokenAt(parts, namespace, change.position, change.nowMs) };
}
