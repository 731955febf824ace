import { limits } from '../base/limits.ts';
import { type MaybePromise, whenReady } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Applied, Authored, Content, EntryRef, Guard, Once, ReadResult, Write } from '../store/store.ts';
import { applyOnce } from './apply-once.ts';
import type { CacheParts } from './cache-parts.ts';
import { endLease } from './end-lease.ts';
import { entryLifetime } from './entry-lifetime.ts';
import { LATEST, openToken } from './honour-tokens.ts';
import { type Judgement, judgeFresh, judgeRead, revisionIn } from './judge-read.ts';
import { parseLeaseId } from './lease-id.ts';
import type { Namespace } from './namespace.ts';
import { positionIn } from './rules/moment.ts';

/** What must hold for a Set to be applied. */
export type SetCondition =
  | { readonly kind: 'none' }
  | JudgedCondition
  | { readonly kind: 'lease'; readonly leaseId: string }
  | { readonly kind: 'fence'; readonly fence: string };

/** A condition on the entry that a caller can see. */
type JudgedCondition =
  | { readonly kind: 'absent' | 'present' }
  | { readonly kind: 'revision'; readonly revision: string };

/** Asks to write one entry. */
export interface SetCommand extends Content, Authored {
  readonly key: string;
  /** Absent: the namespace's default. */
  readonly ttlMs: number | undefined;
  readonly staleWindowMs: number | undefined;
  readonly condition: SetCondition;
  readonly once: Once | undefined;
}

/** Why a Set was not applied. */
export type NotStoredCause =
  | 'present'
  | 'absent'
  | 'revision-mismatch'
  | 'lease-void'
  | 'fence-overtaken'
  | 'contended';

/** The outcome of a Set. */
export type SetOutcome =
  | { readonly kind: 'stored'; readonly change: Applied }
  /** The store could not be reached, and this node alone keeps the entry. Times as of now and by this machine's clock. */
  | { readonly kind: 'kept-locally'; readonly ttlMs: number; readonly freshUntilMs: number }
  | {
      readonly kind: 'not-stored';
      readonly cause: NotStoredCause;
      /** The visible entry's revision, empty if there is none. */
      readonly revision: string;
    };

/**
 * Writes one entry if its condition holds. Conditions are judged on the visible entry, then written under "record
 * unchanged" and judged again if another change came between.
 *
 * @throws OperatingError VALUE_TOO_LARGE, TTL_OUT_OF_RANGE, TOKEN_UNUSABLE for a fence, REQUEST_IDS_FULL
 */
export function setEntry(parts: CacheParts, namespace: Namespace, command: SetCommand): MaybePromise<SetOutcome> {
  const write = writeOf(parts, namespace, command);
  const apply = (): MaybePromise<SetOutcome> => setUnder(parts, namespace, write, command.condition);
  return applyOnce(parts, write, command.once, apply, (earlier) => ({ kind: 'stored', change: earlier }));
}

function setUnder(
  parts: CacheParts,
  namespace: Namespace,
  write: Write,
  condition: SetCondition,
): MaybePromise<SetOutcome> {
  switch (condition.kind) {
    case 'none':
      return attempt(parts, write, 'contended');
    case 'lease':
      return setUnderLease(parts, write, condition.leaseId);
    case 'fence':
      return setUnderFence(parts, namespace, write, condition.fence);
    default:
      return setIfJudged(parts, write, condition, 1);
  }
}

function setUnderLease(parts: CacheParts, write: Write, leaseId: string): MaybePromise<SetOutcome> {
  const lease = parseLeaseId(leaseId);
  if (lease === undefined) return refuse(parts, write, 'lease-void');
  return whenReady(parts.store.judge(write, lease.stamp), (visibility) => {
    if (visibility === 'visible') {
      const guard: Guard = { kind: 'lease', leaseId: lease.storeId };
      return attempt(parts, { ...write, guard }, 'lease-void');
    }
    // Nobody could see the value: hand the lease on, so that the next caller computes one from after the change.
    return whenReady(endLease(parts, write, leaseId), () => refuse(parts, write, 'lease-void'));
  });
}

function setUnderFence(parts: CacheParts, namespace: Namespace, write: Write, fence: string): MaybePromise<SetOutcome> {
  const { positions: moment, givenAtMs } = openToken(parts, namespace, fence);
  const [control] = parts.store.partitionsOf(namespace.id);
  const stamp = positionIn(moment, control!);
  if (stamp === undefined) return refuse(parts, write, 'fence-overtaken');
  // The store says whether the fence can be honoured: the one that refuses it by its watermarks need not.
  return whenReady(parts.store.read(write, { kind: 'at-least', moment }), () =>
    whenReady(parts.store.judge(write, stamp), (visibility) => {
      if (visibility !== 'visible') return refuse(parts, write, 'fence-overtaken');
      const guard: Guard = { kind: 'fence', fence: { moment, givenAtMs } };
      return attempt(parts, { ...write, guard }, 'fence-overtaken');
    }),
  );
}

function setIfJudged(
  parts: CacheParts,
  write: Write,
  condition: JudgedCondition,
  tries: number,
): MaybePromise<SetOutcome> {
  return whenReady(parts.store.read(write, LATEST), (read) => {
    const cause = unmet(condition, read);
    if (cause !== undefined) return notStored(judgeRead(read), cause);
    const guard: Guard = { kind: 'unchanged', position: read.entry?.position };
    return whenReady(parts.store.write({ ...write, guard }), (answer) => {
      if (answer.kind === 'applied') return { kind: 'stored', change: answer };
      if (tries < limits.conditionAttemptsMax) return setIfJudged(parts, write, condition, tries + 1);
      return refuse(parts, write, 'contended');
    });
  });
}

function unmet(condition: JudgedCondition, read: ReadResult): NotStoredCause | undefined {
  const fresh = (): boolean => judgeFresh(read).kind === 'present';
  switch (condition.kind) {
    case 'absent':
      return fresh() ? 'present' : undefined;
    case 'present':
      return fresh() ? undefined : 'absent';
    case 'revision':
      return revisionIn(judgeRead(read)) === condition.revision ? undefined : 'revision-mismatch';
  }
}

function attempt(parts: CacheParts, write: Write, cause: NotStoredCause): MaybePromise<SetOutcome> {
  return whenReady(parts.store.write(write), (answer) =>
    answer.kind === 'applied' ? { kind: 'stored', change: answer } : refuse(parts, write, cause),
  );
}

function refuse(parts: CacheParts, ref: EntryRef, cause: NotStoredCause): MaybePromise<SetOutcome> {
  return whenReady(parts.store.read(ref, LATEST), (read) => notStored(judgeRead(read), cause));
}

function notStored(judgement: Judgement, cause: NotStoredCause): SetOutcome {
  return { kind: 'not-stored', cause, revision: revisionIn(judgement) };
}

function writeOf(parts: CacheParts, namespace: Namespace, command: SetCommand): Write {
  const { key, value, contentType, tags, once, author } = command;
  const { valueBytesMax } = namespace.settings;
  if (value !== undefined && value.length > valueBytesMax) {
    const message = `The value has ${value.length} bytes; this namespace allows ${valueBytesMax}.`;
    throw new OperatingError('VALUE_TOO_LARGE', message, {
      metadata: { valueBytes: value.length, valueBytesMax },
      field: 'value',
    });
  }
  const lifetime = entryLifetime(namespace, command, value === undefined, parts.random);
  const content = { key, value, contentType, tags, ...lifetime, author, guard: { kind: 'none' } as const };
  return { namespaceId: namespace.id, ...content, ...(once === undefined ? {} : { once }) };
}
