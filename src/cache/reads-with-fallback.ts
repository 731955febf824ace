import type { MaybePromise } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import { type BatchGetOutcome, type BatchGetQuery, batchGet } from './batch-get.ts';
import type { CacheParts } from './cache-parts.ts';
import type { CallContext } from './call-context.ts';
import { type ExistsOutcome, type ExistsQuery, entryExists } from './entry-exists.ts';
import { type GetOutcome, type GetQuery, getEntry } from './get-entry.ts';
import type { Consistency } from './honour-tokens.ts';
import type { Namespace } from './namespace.ts';
import { mayFallBack, readOrFallBack } from './read-fallback.ts';

/** As `getEntry`; by the namespace's choice where the store can't be asked. Then there is no lease and no fence. */
export function getOrFallBack(
  parts: CacheParts,
  namespace: Namespace,
  query: GetQuery,
  context: CallContext,
): MaybePromise<GetOutcome> {
  if (!mayFallBack(parts, namespace, query.consistency)) return getEntry(parts, namespace, query, context);
  const { key, allowStale } = query;
  return readOrFallBack<GetOutcome>(
    parts,
    namespace,
    { keys: [key], consistency: query.consistency, allowStale },
    {
      ask: (consistency) => getEntry(parts, namespace, { ...query, consistency }, context),
      instead: ([outcome]) => served(outcome!),
    },
  );
}

/** As `batchGet`; by the namespace's choice where the store can't be asked. Then there is no token. */
export function batchGetOrFallBack(
  parts: CacheParts,
  namespace: Namespace,
  query: BatchGetQuery,
): MaybePromise<BatchGetOutcome> {
  if (!mayFallBack(parts, namespace, query.consistency)) return batchGet(parts, namespace, query);
  return readOrFallBack<BatchGetOutcome>(parts, namespace, query, {
    ask: (consistency) => batchGet(parts, namespace, { ...query, consistency }),
    instead: (outcomes) => ({ outcomes, token: '' }),
  });
}

/** As `entryExists`: what a Get would be served exists, also where the store can't be asked. */
export function existsOrFallBack(
  parts: CacheParts,
  namespace: Namespace,
  query: ExistsQuery,
): MaybePromise<ExistsOutcome> {
  if (!mayFallBack(parts, namespace, query.consistency)) return entryExists(parts, namespace, query);
  const { key, consistency } = query;
  return readOrFallBack<ExistsOutcome>(
    parts,
    namespace,
    { keys: [key], consistency, allowStale: false },
    {
      ask: (asked: Consistency) => entryExists(parts, namespace, { key, consistency: asked }),
      instead: ([outcome]) => existing(served(outcome!)),
    },
  );
}

function served(outcome: GetOutcome | OperatingError): GetOutcome {
  if (outcome instanceof OperatingError) throw outcome;
  return outcome;
}

function existing(outcome: GetOutcome): ExistsOutcome {
  const exists = outcome.kind !== 'miss';
  return { exists, negative: exists && outcome.entry.value === undefined };
}
