import { optionalDuration } from '../base/durations.ts';
import {
  EventCause,
  InvalidationServiceService,
  type SubscribeRequest,
} from '../gen/reprise/v1/invalidation_service.ts';
import type { Caller } from '../transport/caller.ts';
import type { FollowerParts } from './follower.ts';
import type { SubscribeOptions } from './subscription.ts';

/** Returns what opens streams of a namespace. `epochs`: they tell of new epochs too. */
export function openStream(
  caller: Caller,
  namespace: string,
  options: SubscribeOptions & { readonly epochs?: boolean },
): FollowerParts['open'] {
  const { prefixes = [], tags = [], keys = [], causes = [], includeOwn = false, epochs = false } = options;
  const request: Partial<SubscribeRequest> = {
    namespace,
    prefixes: [...prefixes],
    tags: [...tags],
    keys: [...keys],
    causes: causes.map((cause) => EventCause[cause]),
    progressInterval: optionalDuration(options.progressIntervalMs),
    includeOwn,
    epochs,
  };
  return (resumeToken, listener) =>
    caller.stream(InvalidationServiceService.subscribe, { ...request, resumeToken }, listener);
}
