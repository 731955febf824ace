import { InvalidationServiceService, SubscribeRequest } from '../../src/gen/reprise/v1/invalidation_service.ts';

/** Path of Subscribe. */
export const subscribePath = InvalidationServiceService.subscribe.path;

/** Returns the bytes of a plain SubscribeRequest: from now on, with the default progress interval. */
export function subscribeRequest(namespace: string, prefixes: readonly string[]): Uint8Array {
  return SubscribeRequest.encode({
    namespace,
    prefixes: [...prefixes],
    tags: [],
    keys: [],
    causes: [],
    resumeToken: '',
    progressInterval: undefined,
    includeOwn: false,
    epochs: false,
  }).finish();
}
