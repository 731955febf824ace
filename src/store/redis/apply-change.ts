import { OperatingError } from '../../base/operating-error.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { PartitionApplied } from '../partition-store.ts';
import type { EntryRef, Guarded, Once } from '../store.ts';
import type { LuaScript, ScriptArgument } from './link.ts';
import type { PartitionCalls } from './partition-calls.ts';
import { packNumber } from './position-codec.ts';
import type { RedisStoreLimits } from './redis-store-options.ts';
import { packOnce, readResult } from './result-codec.ts';
import type { Reply } from './told-codec.ts';

/** A change, ready to be sent. */
export interface ChangeCall {
  readonly script: LuaScript;
  /** Those of the lineage check, the record's, and the script's own. */
  readonly keys: readonly string[];
  /** Where the slot of the changed key begins, or the selector. */
  readonly place: number | string;
  /** What goes to the log. */
  readonly packed: Buffer;
  readonly once: Once | undefined;
  /** What the request id belongs to. */
  readonly onceRef: EntryRef;
  /** What the script wants to know beside the time after which the change must not be applied. */
  readonly terms: Buffer;
  /** Those after the seven with which all changes begin. */
  readonly args: readonly ScriptArgument[];
}

/** What applying changes needs to know. */
export interface ApplyTerms {
  readonly calls: PartitionCalls;
  readonly limits: RedisStoreLimits;
  /** Milliseconds for which a try may be on its way. */
  readonly commandTimeoutMs: number;
}

const GUARDED: Guarded = { kind: 'guarded' };

/**
 * Applies a change. A try that arrives after its time is refused; if that was only because this node had a wrong idea of
 * the server's time, as after a promotion, it is sent once more.
 *
 * Operating errors: OUTCOME_UNKNOWN if a try with a request id was refused as late, STORE_UNAVAILABLE without one;
 * REQUEST_IDS_FULL.
 */
export async function applyChange(
  { calls, limits, commandTimeoutMs }: ApplyTerms,
  partition: Partition,
  change: ChangeCall,
): Promise<PartitionApplied | Guarded> {
  const { results, resultsByTime } = calls.keys(partition);
  const onceKeys = change.once === undefined ? [] : [results, resultsByTime];
  const keys = [...change.keys, ...onceKeys];
  const once = packOnce(change.onceRef, change.once, limits);
  for (let triesLeft = 1; ; triesLeft--) {
    const sentAtMs = calls.monotonicMs();
    const notAfterMs = Math.ceil((await calls.serverTimeMs(partition)) + commandTimeoutMs);
    const terms = Buffer.concat([packNumber(notAfterMs), change.terms]);
    const args = [...calls.lineageArgs(), change.place, change.packed, once, terms, ...change.args];
    const reply = await calls.ask(partition, { script: change.script, keys, args });
    const outcome = outcomeOf(reply);
    if (outcome !== 'late') return outcome;
    if (triesLeft === 0 || calls.monotonicMs() - sentAtMs > commandTimeoutMs) throw lateError(change.once);
  }
}

function outcomeOf({ told, parts }: Reply): PartitionApplied | Guarded | 'late' {
  const [status, detail] = parts as [Buffer, Buffer | number];
  switch (status.toString('latin1')) {
    case 'A':
      return { ...told, kind: 'applied', ...readResult(detail as Buffer), repeated: false };
    case 'R':
      return { ...told, kind: 'applied', ...readResult(detail as Buffer), repeated: true };
    case 'G':
      return GUARDED;
    case 'L':
      return 'late';
    case 'F':
      throw new OperatingError('REQUEST_IDS_FULL', 'as many request ids are remembered as may be', {
        retryAfterMs: detail as number,
      });
    default:
      throw new Error('a change has no such outcome');
  }
}

function lateError(once: Once | undefined): OperatingError {
  if (once === undefined) return new OperatingError('STORE_UNAVAILABLE', 'the change came too late to be applied');
  return new OperatingError(
    'OUTCOME_UNKNOWN',
    'the change came too late; whether an earlier try was applied is unknown',
  );
}
