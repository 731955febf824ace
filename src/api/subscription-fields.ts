import { defaults, limits } from '../base/limits.ts';
import type { EventCause, SubscribeRequest } from '../gen/reprise/v1/invalidation_service.ts';
import type { ChangeCause, SubscriptionFilter } from '../invalidation/subscription-filter.ts';
import type { SubscriptionWish } from '../invalidation/subscription-wish.ts';
import { durationField, invalid, keyField, prefixField, tagsField } from './request-fields.ts';
import { eventCauses } from './stream-encoder.ts';
import type { CallFacts } from './unary.ts';

/** What may be asked for by cause: new epochs have a field of their own. */
const causes = new Map(
  Object.entries(eventCauses).flatMap(([cause, number]) => (cause === 'epoch' ? [] : [[number, cause as ChangeCause]])),
);

/** Returns what a SubscribeRequest asks for. */
export function subscriptionWishOf(
  request: SubscribeRequest,
  { author: { origin } }: CallFacts,
): SubscriptionWish & { resumeToken: string } {
  return {
    filter: filterOf(request),
    progressIntervalMs: progressIntervalField(durationField(request.progressInterval)),
    withoutOrigin: request.includeOwn ? '' : origin,
    resumeToken: request.resumeToken,
  };
}

function filterOf(request: SubscribeRequest): SubscriptionFilter {
  return {
    prefixes: namesField(request.prefixes, 'prefixes', limits.filterNamesMax).map(prefixField),
    tags: tagsField(namesField(request.tags, 'tags', limits.filterNamesMax), 'tags', limits.filterNamesMax),
    keys: namesField(request.keys, 'keys', limits.filterKeysMax).map((key, index) => keyField(key, 'keys', index)),
    causes: [...new Set(request.causes)].map(causeField),
    epochs: request.epochs,
  };
}

function namesField(names: readonly string[], field: string, itemsMax: number): readonly string[] {
  if (names.length <= itemsMax) return names;
  const message = `A subscription takes at most ${itemsMax} ${field}; there are ${names.length}.`;
  throw invalid('FILTER_TOO_LARGE', field, message, { field, items: names.length, itemsMax });
}

function causeField(cause: EventCause): ChangeCause {
  const known = causes.get(cause);
  if (known !== undefined) return known;
  throw invalid('CAUSE_UNKNOWN', 'causes', 'causes must be SET, TOUCH, DELETE, KEY, TAG, PREFIX or NAMESPACE.');
}

function progressIntervalField(intervalMs: number = defaults.progressIntervalMs): number {
  const [intervalMsMin, intervalMsMax] = [limits.progressIntervalMsMin, limits.progressIntervalMsMax];
  if (intervalMs >= intervalMsMin && intervalMs <= intervalMsMax) return intervalMs;
  const message = `progress_interval must be from ${intervalMsMin} to ${intervalMsMax} ms.`;
  const facts = { intervalMs: String(intervalMs), intervalMsMin, intervalMsMax };
  throw invalid('PROGRESS_INTERVAL_OUT_OF_RANGE', 'progress_interval', message, facts);
}
