import { limits } from '../base/limits.ts';
import type { InvalidateOutcome } from '../cache/invalidate.ts';
import type { InvalidationMode as Mode, Selector } from '../cache/rules/selector.ts';
import {
  CountPrecision,
  type InvalidateRequest,
  type InvalidateResponse,
  InvalidationMode,
  type InvalidationServiceService,
  RefusedReason,
} from '../gen/reprise/v1/invalidation_service.ts';
import { durationOf } from './durations.ts';
import { goalField, receiptMessage } from './receipt-message.ts';
import { invalid, itemsField, keyField, onceField, prefixField, required, tagsField } from './request-fields.ts';
import type { ServiceHandlers } from './service-handlers.ts';
import type { ServiceParts } from './service-parts.ts';
import { subscriptionWishOf } from './subscription-fields.ts';

/** Returns the handlers of InvalidationService. */
export function invalidationService(parts: ServiceParts): ServiceHandlers<typeof InvalidationServiceService> {
  return {
    invalidate: async (request, call) => {
      const namespace = parts.namespaces.named(request.namespace);
      const command = {
        selectors: selectorsOf(request),
        mode: modeOf(request.mode),
        dryRun: request.dryRun,
        affectedMax: request.affectedMax === undefined ? undefined : Number(request.affectedMax),
        once: onceField('invalidate', request.requestId),
        deferred: request.deferred,
        wait: goalField(request.wait),
        author: call.author,
      };
      return responseOf(await parts.manager.invalidate(namespace, command, call));
    },
    getHead: ({ namespace, streamToken, earlierHead }) => {
      const { head, ageMs, covered } = parts.manager.head(parts.namespaces.named(namespace), {
        streamToken,
        earlierHead,
      });
      return { head, age: durationOf(ageMs), covered };
    },
    subscribe: (request, call, sink) =>
      parts.hub.subscribe(parts.namespaces.named(request.namespace), subscriptionWishOf(request, call), sink),
  };
}

function selectorsOf({ selector }: InvalidateRequest): Selector[] {
  switch (selector?.$case) {
    case 'keys': {
      const keys = itemsField(selector.value.keys, 'keys.keys');
      return [...new Set(keys)].map((key, index) => ({ kind: 'key', key: keyField(key, 'keys.keys', index) }));
    }
    case 'tags': {
      const tags = tagsField(selector.value.tags, 'tags.tags', limits.tagsPerSelectorMax);
      if (tags.length === 0) throw required('tags.tags');
      return tags.map((tag) => ({ kind: 'tag', tag }));
    }
    case 'prefix':
      return [{ kind: 'prefix', prefix: prefixField(selector.value) }];
    case 'wholeNamespace':
      return [{ kind: 'namespace' }];
    case undefined:
      throw required('selector');
  }
}

function modeOf(mode: InvalidationMode): Mode {
  switch (mode) {
    case InvalidationMode.REMOVE:
      return 'remove';
    case InvalidationMode.MARK_STALE:
      return 'mark-stale';
    case InvalidationMode.UNSPECIFIED:
      throw required('mode');
    default:
      throw invalid('FIELD_REQUIRED', 'mode', 'mode must be REMOVE or MARK_STALE.', { field: 'mode' });
  }
}

function responseOf(outcome: InvalidateOutcome): InvalidateResponse {
  switch (outcome.kind) {
    case 'invalidated':
      return {
        result: {
          $case: 'invalidated',
          value: { token: outcome.token, deferred: false, receipt: receiptMessage(outcome.receipt) },
        },
      };
    case 'deferred':
      return { result: { $case: 'invalidated', value: { token: '', deferred: true, receipt: undefined } } };
    case 'counted': {
      const precision = outcome.exact ? CountPrecision.EXACT : CountPrecision.AT_LEAST;
      return { result: { $case: 'counted', value: { affected: BigInt(outcome.affected), precision } } };
    }
    case 'refused': {
      const reason =
        outcome.cause === 'too-many-affected' ? RefusedReason.TOO_MANY_AFFECTED : RefusedReason.COUNT_INCOMPLETE;
      return { result: { $case: 'refused', value: { reason, affected: BigInt(outcome.affected) } } };
    }
  }
}
