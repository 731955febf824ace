import { OperatingError, type ReasonName } from '../base/operating-error.ts';
import type { DeferredInvalidations } from './deferred-invalidations.ts';
import type { InvalidateCommand, InvalidateOutcome } from './invalidate.ts';
import type { Namespace } from './namespace.ts';

/** What a store says that is away. */
const AWAY: ReadonlySet<ReasonName> = new Set(['STORE_UNAVAILABLE', 'OUTCOME_UNKNOWN']);

/**
 * Makes an invalidation if that can be; where the store is away, or older ones still wait for it, it is kept, so that
 * their order is. One of which nobody knows whether it was made is kept too: making it again does no harm.
 *
 * @throws OperatingError SPOOL_FULL; STATE_UNAVAILABLE if it can't be kept and was not made; OUTCOME_UNKNOWN if it can't
 *   be kept and may have been made
 */
export async function invalidateOrDefer(
  deferred: DeferredInvalidations,
  namespace: Namespace,
  command: InvalidateCommand,
  make: () => Promise<InvalidateOutcome>,
): Promise<InvalidateOutcome> {
  const outcome = deferred.waiting > 0 ? undefined : await make().catch(awayFailure);
  if (outcome !== undefined && !(outcome instanceof OperatingError)) return outcome;
  try {
    await deferred.defer(namespace, command);
  } catch (notKept) {
    throw outcome?.reason === 'OUTCOME_UNKNOWN' ? outcome : notKept;
  }
  return { kind: 'deferred' };
}

/** The error for who may defer an invalidation where nothing keeps it. */
export function spoolOff(): OperatingError {
  return new OperatingError('SPOOL_OFF', 'This server keeps no deferred invalidations: it runs without --spool.');
}

/** Returns the failure that says that the store is away; throws any other. */
function awayFailure(failure: unknown): OperatingError {
  if (failure instanceof OperatingError && AWAY.has(failure.reason)) return failure;
  throw failure;
}
