import { whenReady } from '../base/maybe-promise.ts';
import type {
  CacheServiceService,
  DeleteRequest,
  DeleteResponse,
  ExistsRequest,
  ExistsResponse,
  GetRequest,
  GetResponse,
  IncrementRequest,
  IncrementResponse,
  ReleaseLeaseRequest,
  ReleaseLeaseResponse,
  SetRequest,
  SetResponse,
  TouchRequest,
  TouchResponse,
} from '../gen/reprise/v1/cache_service.ts';
import type { Applied } from '../store/store.ts';
import { batchDeleteHandler, batchGetHandler, batchSetHandler } from './cache-batches.ts';
import { consistencyOf, getQueryOf, incrementCommandOf, setCommandOf, touchCommandOf } from './cache-requests.ts';
import { incrementResponseOf, notStoredOf, storedOf, writtenOf } from './cache-responses.ts';
import { encodeGetResponse } from './read-encoder.ts';
import { keyField, onceField, required } from './request-fields.ts';
import type { ServiceHandlers } from './service-handlers.ts';
import type { ServiceParts } from './service-parts.ts';
import type { UnaryHandler } from './unary.ts';

/** Returns the handlers of CacheService, one a method: request → command → manager → response. */
export function cacheService(parts: ServiceParts): ServiceHandlers<typeof CacheServiceService> {
  return {
    get: getHandler(parts),
    set: setHandler(parts),
    delete: deleteHandler(parts),
    touch: touchHandler(parts),
    increment: incrementHandler(parts),
    exists: existsHandler(parts),
    releaseLease: releaseLeaseHandler(parts),
    batchGet: batchGetHandler(parts),
    batchSet: batchSetHandler(parts),
    batchDelete: batchDeleteHandler(parts),
  };
}

function getHandler({ manager, namespaces }: ServiceParts): UnaryHandler<GetRequest, GetResponse> {
  return (request, context) => {
    const namespace = namespaces.named(request.namespace);
    const outcome = manager.get(namespace, getQueryOf(request), context);
    return whenReady(outcome, (found) => encodeGetResponse(found, request.withTags));
  };
}

function setHandler({ manager, namespaces }: ServiceParts): UnaryHandler<SetRequest, SetResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    const command = setCommandOf(request, onceField('set', request.requestId), author);
    return whenReady(manager.set(namespace, command), (outcome): SetResponse => {
      if (outcome.kind === 'not-stored') return { result: { $case: 'notStored', value: notStoredOf(outcome) } };
      const stored = storedOf(outcome, (change) => manager.tokenOf(namespace, [change]));
      return { result: { $case: 'stored', value: stored } };
    });
  };
}

function deleteHandler({ manager, namespaces }: ServiceParts): UnaryHandler<DeleteRequest, DeleteResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    const command = { key: keyField(request.key), once: onceField('delete', request.requestId), author };
    const deleted = manager.delete(namespace, command);
    return whenReady(deleted, ({ existed, change }) => ({ existed, token: manager.tokenOf(namespace, [change]) }));
  };
}

function touchHandler({ manager, namespaces }: ServiceParts): UnaryHandler<TouchRequest, TouchResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    return whenReady(manager.touch(namespace, touchCommandOf(request, author)), (outcome): TouchResponse => {
      switch (outcome.kind) {
        case 'touched': {
          const token = manager.tokenOf(namespace, [outcome.change]);
          return { result: { $case: 'touched', value: writtenOf(outcome.change, token) } };
        }
        case 'not-touched':
          return { result: { $case: 'notTouched', value: { token: outcome.token, contended: false } } };
        case 'contended':
          return { result: { $case: 'notTouched', value: { token: '', contended: true } } };
      }
    });
  };
}

function incrementHandler({ manager, namespaces }: ServiceParts): UnaryHandler<IncrementRequest, IncrementResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    const tokenOf = (change: Applied): string => manager.tokenOf(namespace, [change]);
    const incremented = manager.increment(namespace, incrementCommandOf(request, author));
    return whenReady(incremented, (outcome) => incrementResponseOf(outcome, tokenOf));
  };
}

function existsHandler({ manager, namespaces }: ServiceParts): UnaryHandler<ExistsRequest, ExistsResponse> {
  return (request) => {
    const query = { key: keyField(request.key), consistency: consistencyOf(request.consistency) };
    return manager.exists(namespaces.named(request.namespace), query);
  };
}

function releaseLeaseHandler({
  manager,
  namespaces,
}: ServiceParts): UnaryHandler<ReleaseLeaseRequest, ReleaseLeaseResponse> {
  return (request) => {
    if (request.leaseId === '') throw required('lease_id');
    const namespace = namespaces.named(request.namespace);
    const ended = manager.releaseLease(namespace, keyField(request.key), request.leaseId);
    return whenReady(ended, (released) => ({ released }));
  };
}
