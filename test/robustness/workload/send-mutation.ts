import { Metadata } from '@grpc/grpc-js';
import type { Selector } from '../../../src/cache/rules/selector.ts';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import {
  type InvalidateRequest,
  InvalidationMode,
  InvalidationServiceService,
} from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { only, resultOf, textValue } from '../../support/cache-calls.ts';
import type { TestServer } from '../../support/test-server.ts';
import type { MutationPlan } from './pick-mutation.ts';

/** Where a change is asked for. */
export interface MutationTarget {
  readonly server: Pick<TestServer, 'call'>;
  readonly namespace: string;
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

/** Asks for a change; returns the token of the answer. */
export async function sendMutation(plan: MutationPlan, where: MutationTarget): Promise<string> {
  const { server, namespace, signal } = where;
  const calling = { metadata: metadataOf(plan), ...(signal === undefined ? {} : { signal }) };
  const [target] = plan.targets;
  const ref = { namespace, key: target?.kind === 'key' ? target.key : '' };
  switch (plan.cause) {
    case 'SET': {
      // A number, so that Increment counts on.
      if (plan.tags === undefined) {
        const request = { ...ref, delta: 1n };
        return only(resultOf(await server.call(CacheServiceService.increment, request, calling)), 'incremented').token;
      }
      const request = { ...ref, content: textValue('1'), tags: [...plan.tags] };
      return only(resultOf(await server.call(CacheServiceService.set, request, calling)), 'stored').token;
    }
    case 'TOUCH':
      return resultOf(await server.call(CacheServiceService.touch, ref, calling)).value.token;
    case 'DELETE':
      return (await server.call(CacheServiceService.delete, ref, calling)).token;
    default: {
      const request = { namespace, selector: selectorOf(plan.targets), mode: modeOf(plan) };
      const response = await server.call(InvalidationServiceService.invalidate, request, calling);
      return only(resultOf(response), 'invalidated').token;
    }
  }
}

/** Returns the metadata by which a caller names itself. */
export function originMetadata(origin: string | undefined): Metadata {
  const metadata = new Metadata();
  if (origin !== undefined) metadata.set('reprise-origin', origin);
  return metadata;
}

function metadataOf({ origin, traceparent }: MutationPlan): Metadata {
  const metadata = originMetadata(origin);
  metadata.set('traceparent', traceparent);
  return metadata;
}

function modeOf({ mode }: MutationPlan): InvalidationMode {
  return InvalidationMode[mode];
}

/** Returns selectors, all of one kind, as a request names them. */
export function selectorOf(targets: readonly Selector[]): NonNullable<InvalidateRequest['selector']> {
  const keys = targets.flatMap((target) => (target.kind === 'key' ? [target.key] : []));
  if (keys.length > 0) return { $case: 'keys', value: { keys } };
  const tags = targets.flatMap((target) => (target.kind === 'tag' ? [target.tag] : []));
  if (tags.length > 0) return { $case: 'tags', value: { tags } };
  const [target] = targets;
  if (target?.kind === 'prefix') return { $case: 'prefix', value: target.prefix };
  return { $case: 'wholeNamespace', value: {} };
}
