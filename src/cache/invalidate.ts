import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { OperatingError } from '../base/operating-error.ts';
import type { NodeReceipt } from '../store/receipt.ts';
import type { Authored, ListedEntry, Once } from '../store/store.ts';
import { allMade } from './all-made.ts';
import { applySelectors } from './apply-selector.ts';
import { type CacheParts, tokenOf } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import { LATEST } from './honour-tokens.ts';
import { invalidateOrDefer, spoolOff } from './invalidate-or-defer.ts';
import { judgeRead, type Read } from './judge-read.ts';
import type { Namespace } from './namespace.ts';
import type { ReceiptGoal } from './rules/receipt.ts';
import { covers, type InvalidationMode, type Selector } from './rules/selector.ts';

/** Asks to invalidate what any of the selectors covers. */
export interface InvalidateCommand extends Authored {
  /** All of one kind, at least one. */
  readonly selectors: readonly Selector[];
  readonly mode: InvalidationMode;
  readonly dryRun: boolean;
  /** Refuse if more entries would be affected. */
  readonly affectedMax: number | undefined;
  readonly once: Once | undefined;
  /** Keep it if the store is away, and make it later. */
  readonly deferred: boolean;
  /** How far every node must have come before the answer. Absent: the store has it. */
  readonly wait: ReceiptGoal | undefined;
}

/** The outcome of an Invalidate. */
export type InvalidateOutcome =
  | { readonly kind: 'invalidated'; readonly token: string; readonly receipt?: readonly NodeReceipt[] }
  /** The store is away: this node keeps the invalidation, and makes it later. */
  | { readonly kind: 'deferred' }
  | { readonly kind: 'counted'; readonly affected: number; readonly exact: boolean }
  | {
      readonly kind: 'refused';
      readonly cause: 'too-many-affected' | 'count-incomplete';
      readonly affected: number;
    };

/**
 * Invalidates what the selectors cover. O(1) a selector, unless a count is asked for: that pages through the namespace
 * within the call's deadline.
 *
 * @throws OperatingError CANCELLED if the caller leaves during a count; REQUEST_IDS_FULL; SPOOL_OFF and SPOOL_FULL if it
 *   may be deferred
 */
export async function invalidate(
  parts: CacheParts,
  namespace: Namespace,
  command: InvalidateCommand,
  context: CallContext,
): Promise<InvalidateOutcome> {
  const { affectedMax, dryRun } = command;
  if (command.deferred && parts.deferred === undefined) throw spoolOff();
  if (dryRun || affectedMax !== undefined) {
    const { affected, exact } = await countAffected(parts, namespace, command, context);
    if (dryRun) return { kind: 'counted', affected, exact };
    if (affected > (affectedMax ?? affected)) return { kind: 'refused', cause: 'too-many-affected', affected };
    if (!exact) return { kind: 'refused', cause: 'count-incomplete', affected };
  }
  const now = (): Promise<InvalidateOutcome> => invalidateNow(parts, namespace, command);
  if (!command.deferred || parts.deferred === undefined) return now();
  return invalidateOrDefer(parts.deferred, namespace, command, now);
}

/**
 * Makes the invalidation in the store, now. Its selectors may be changes of several partitions: where only some were made
 * it can't be said that nothing was.
 */
async function invalidateNow(
  parts: CacheParts,
  namespace: Namespace,
  { selectors, mode, author, once }: InvalidateCommand,
): Promise<InvalidateOutcome> {
  const ends = await applySelectors(parts.store, { namespaceId: namespace.id, selectors, mode, author, once });
  return { kind: 'invalidated', token: tokenOf(parts, namespace, allMade(ends)) };
}

const PAGE_ENTRIES = 1000;
/** Milliseconds before the deadline at which a count ends, so that its answer still arrives. */
const ANSWER_TIME_MS = 50;

async function countAffected(
  parts: CacheParts,
  namespace: Namespace,
  command: InvalidateCommand,
  context: CallContext,
): Promise<{ affected: number; exact: boolean }> {
  if (command.selectors.every((selector) => selector.kind === 'key')) return countKeys(parts, namespace, command);
  const enough = command.dryRun ? Number.POSITIVE_INFINITY : (command.affectedMax ?? 0);
  let affected = 0;
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page = await parts.store.list(namespace.id, from, PAGE_ENTRIES);
    const { nowMs } = page;
    affected += page.entries.filter((listed) => isAffected(command, listed, nowMs)).length;
    from = page.next;
    if (affected > enough || (from !== undefined && context.remainingMs() < ANSWER_TIME_MS)) {
      return { affected, exact: false };
    }
    await yieldToOthers();
    if (context.signal.aborted) return leftAlone(context, affected);
  }
  return { affected, exact: true };
}

/** The deadline ends a count; a caller who has left ends the call. */
function leftAlone(context: CallContext, affected: number): { affected: number; exact: boolean } {
  if (context.remainingMs() > 0) throw new OperatingError('CANCELLED', 'The caller gave the call up.');
  return { affected, exact: false };
}

async function countKeys(
  parts: CacheParts,
  namespace: Namespace,
  command: InvalidateCommand,
): Promise<{ affected: number; exact: boolean }> {
  const keys = new Set(command.selectors.flatMap((selector) => (selector.kind === 'key' ? [selector.key] : [])));
  const reads = await parts.store.readMany(namespace.id, [...keys], LATEST);
  const affected = reads.filter((read) => isReadAffected(command, read)).length;
  return { affected, exact: true };
}

function isAffected(command: InvalidateCommand, { entry, visibility }: ListedEntry, nowMs: number): boolean {
  if (!command.selectors.some((selector) => covers(selector, entry))) return false;
  return isReadAffected(command, { entry, visibility, absence: 'unknown', nowMs });
}

function isReadAffected(command: InvalidateCommand, read: Read): boolean {
  const judgement = judgeRead(read);
  if (judgement.kind === 'absent') return false;
  return command.mode === 'remove' || judgement.freshForMs > 0;
}
