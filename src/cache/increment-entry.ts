import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import type { Applied, Authored, Once, ReadResult, StoredEntry, Write } from '../store/store.ts';
import { applyOnce } from './apply-once.ts';
import type { CacheParts } from './cache-parts.ts';
import { formatCounter, isInt64, parseCounter } from './counter-value.ts';
import { entryLifetime } from './entry-lifetime.ts';
import { LATEST } from './honour-tokens.ts';
import { judgeFresh, judgeRead, revisionIn } from './judge-read.ts';
import type { Namespace } from './namespace.ts';

/** Asks to add to a counter. */
export interface IncrementCommand extends Authored {
  readonly key: string;
  readonly delta: bigint;
  /** What an absent counter counts from. */
  readonly initial: bigint;
  /** Of an absent counter. Absent: the namespace's default. */
  readonly ttlMs: number | undefined;
  readonly once: Once | undefined;
}

/** Why a counter was not changed. */
export type NotIncrementedCause = 'overflow' | 'not-a-counter' | 'contended';

/** The outcome of an Increment. */
export type IncrementOutcome =
  | { readonly kind: 'incremented'; readonly value: bigint; readonly change: Applied }
  | { readonly kind: 'not-incremented'; readonly cause: NotIncrementedCause; readonly revision: string };

const COUNTER_CONTENT_TYPE = 'text/plain';

/**
 * Adds to a counter. A fresh one keeps its lifetime, tags and content type; without one, or where there is only a stale
 * or negative entry, counting begins at `initial`. Works on any store: read, add, write under "record unchanged".
 *
 * @throws OperatingError TTL_OUT_OF_RANGE, REQUEST_IDS_FULL
 */
export function incrementEntry(
  parts: CacheParts,
  namespace: Namespace,
  command: IncrementCommand,
): MaybePromise<IncrementOutcome> {
  const ref = { namespaceId: namespace.id, key: command.key };
  return applyOnce(parts, ref, command.once, () => attempt(parts, namespace, command, 1), repeated);
}

function attempt(
  parts: CacheParts,
  namespace: Namespace,
  command: IncrementCommand,
  tries: number,
): MaybePromise<IncrementOutcome> {
  const ref = { namespaceId: namespace.id, key: command.key };
  return whenReady(parts.store.read(ref, LATEST), (read) => {
    const counter = freshCounter(read);
    const base = counter === undefined ? command.initial : parseCounter(counter.value);
    if (base === undefined) return refused(read, 'not-a-counter');
    const sum = base + command.delta;
    if (!isInt64(sum)) return refused(read, 'overflow');
    const write = counterWrite(parts, namespace, command, read, counter, sum);
    return whenReady(parts.store.write(write), (answer) => {
      if (answer.kind === 'applied') return answer.repeated ? repeated(answer) : incremented(answer, sum);
      if (tries < limits.conditionAttemptsMax) return attempt(parts, namespace, command, tries + 1);
      return refused(read, 'contended');
    });
  });
}

type ValueEntry = StoredEntry & { readonly value: Uint8Array };

function freshCounter(read: ReadResult): ValueEntry | undefined {
  const judgement = judgeFresh(read);
  if (judgement.kind === 'absent' || judgement.entry.value === undefined) return undefined;
  return judgement.entry as ValueEntry;
}

function counterWrite(
  parts: CacheParts,
  namespace: Namespace,
  command: IncrementCommand,
  read: ReadResult,
  counter: ValueEntry | undefined,
  sum: bigint,
): Write {
  return {
    namespaceId: namespace.id,
    key: command.key,
    author: command.author,
    value: formatCounter(sum),
    contentType: counter?.contentType ?? COUNTER_CONTENT_TYPE,
    tags: counter?.tags ?? [],
    ...entryLifetime(namespace, { ttlMs: command.ttlMs, staleWindowMs: 0 }, false, parts.random),
    keepLifetime: counter !== undefined,
    guard: { kind: 'unchanged', position: read.entry?.position },
    // The sum was computed from what the read saw as visible: what is invalidated after it covers the sum too.
    seen: read.moment,
    ...(command.once === undefined ? {} : { once: { ...command.once, note: sum.toString() } }),
  };
}

function incremented(change: Applied, value: bigint): IncrementOutcome {
  return { kind: 'incremented', value, change };
}

function repeated(change: Applied): IncrementOutcome {
  return incremented(change, BigInt(change.note ?? 0));
}

function refused(read: ReadResult, cause: NotIncrementedCause): IncrementOutcome {
  return { kind: 'not-incremented', cause, revision: revisionIn(judgeRead(read)) };
}
