import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Authored, Once, Retime } from '../store/store.ts';
import { applyOnce } from './apply-once.ts';
import { type CacheParts, tokenOf } from './cache-parts.ts';
import { type AskedLifetime, entryLifetime } from './entry-lifetime.ts';
import { LATEST } from './honour-tokens.ts';
import { judgeFresh } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks to give one entry a new lifetime. */
export interface TouchCommand extends AskedLifetime, Authored {
  readonly key: string;
  readonly once: Once | undefined;
}

/** Noted with the first try, so that a repeat is answered alike. */
const TOUCHED = 'touched';

/** The outcome of a Touch. */
export type TouchOutcome =
  | { readonly kind: 'touched'; readonly change: Applied }
  | { readonly kind: 'not-touched'; readonly token: string }
  | { readonly kind: 'contended' };

/**
 * Gives a fresh entry a new lifetime; its stamp stays, so nothing that was invalidated comes back. A stale entry keeps
 * its own. It is a change in any case: it voids leases and fences, also of a key without an entry.
 *
 * @throws OperatingError TTL_OUT_OF_RANGE, STALE_WINDOW_OUT_OF_RANGE, REQUEST_IDS_FULL
 */
export function touchEntry(parts: CacheParts, namespace: Namespace, command: TouchCommand): MaybePromise<TouchOutcome> {
  const ref = { namespaceId: namespace.id, key: command.key };
  const apply = (): MaybePromise<TouchOutcome> => attempt(parts, namespace, command, 1);
  return applyOnce(parts, ref, command.once, apply, (earlier) => outcomeOf(parts, namespace, earlier, false));
}

function attempt(
  parts: CacheParts,
  namespace: Namespace,
  command: TouchCommand,
  tries: number,
): MaybePromise<TouchOutcome> {
  const { key, once, author } = command;
  const ref = { namespaceId: namespace.id, key, author };
  return whenReady(parts.store.read(ref, LATEST), (read) => {
    const { entry } = read;
    const negative = entry !== undefined && entry.value === undefined;
    const lifetime = entryLifetime(namespace, command, negative, parts.random);
    const fresh = judgeFresh(read).kind === 'present';
    const guard = { kind: 'unchanged', position: entry?.position } as const;
    const noted = once === undefined ? {} : { once: { ...once, note: fresh ? TOUCHED : '' } };
    const retime: Retime = { ...ref, ...lifetime, keepLifetime: !fresh, guard, ...noted };
    return whenReady(parts.store.retime(retime), (answer) => {
      if (answer.kind === 'applied') return outcomeOf(parts, namespace, answer, fresh);
      return tries < limits.conditionAttemptsMax
        ? attempt(parts, namespace, command, tries + 1)
        : ({ kind: 'contended' } as const);
    });
  });
}

function outcomeOf(parts: CacheParts, namespace: Namespace, change: Applied, fresh: boolean): TouchOutcome {
  if (change.repeated ? change.note === TOUCHED : fresh) return { kind: 'touched', change };
  return { kind: 'not-touched', token: tokenOf(parts, namespace, [change]) };
}
