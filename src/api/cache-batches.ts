import { limits } from '../base/limits.ts';
import { whenReady } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { GetOutcome } from '../cache/get-entry.ts';
import type {
  BatchDeleteRequest,
  BatchDeleteResponse,
  BatchDeleteResult,
  BatchGetRequest,
  BatchGetResponse,
  BatchSetRequest,
  BatchSetResponse,
  BatchSetResult,
} from '../gen/reprise/v1/cache_service.ts';
import type { Applied, Once } from '../store/store.ts';
import { consistencyOf, setCommandOf } from './cache-requests.ts';
import { missOf, notStoredOf, storedOf } from './cache-responses.ts';
import { hitBytesMax } from './hit-encoder.ts';
import { type BatchGetAnswer, encodeBatchGetResponse } from './read-encoder.ts';
import { itemsField, keyField, onceField } from './request-fields.ts';
import { statusOf } from './rpc-status.ts';
import type { ServiceParts } from './service-parts.ts';
import { settleEach } from './settle-each.ts';
import type { UnaryHandler } from './unary.ts';

/** Returns the handler of BatchGet. */
export function batchGetHandler({
  manager,
  namespaces,
}: ServiceParts): UnaryHandler<BatchGetRequest, BatchGetResponse> {
  return (request) => {
    const namespace = namespaces.named(request.namespace);
    const keys = itemsField(request.keys, 'keys');
    const wrong = wrongKeys(keys);
    const query = { keys, consistency: consistencyOf(request.consistency), allowStale: request.allowStale };
    return whenReady(manager.batchGet(namespace, query), ({ outcomes, token }) => {
      const names = keys.map(namedKey);
      const room = new ResponseRoom(names);
      const answers = outcomes.map((outcome, index): BatchGetAnswer => {
        const key = names[index]!;
        const admitted = wrong?.get(index) ?? room.admit(outcome);
        if (admitted instanceof OperatingError) return { result: { index, key, result: failed(admitted) } };
        if (admitted.kind === 'miss')
          return { result: { index, key, result: { $case: 'miss', value: missOf(admitted) } } };
        return { key, hit: admitted };
      });
      return encodeBatchGetResponse(answers, token, request.withTags);
    });
  };
}

/** Returns the handler of BatchSet. */
export function batchSetHandler({
  manager,
  namespaces,
}: ServiceParts): UnaryHandler<BatchSetRequest, BatchSetResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    const items = itemsField(request.items, 'items');
    const once = onceField('batch-set', request.requestId);
    const settled = settleEach(items, (item, index) =>
      manager.set(namespace, setCommandOf(item, onceFor(once, index), author)),
    );
    return whenReady(settled, (outcomes): BatchSetResponse => {
      const changes: Applied[] = [];
      const results = outcomes.map((outcome, index): BatchSetResult => {
        const key = namedKey(items[index]!.key);
        if (outcome instanceof OperatingError) return { index, key, result: failed(outcome) };
        if (outcome.kind === 'not-stored') {
          return { index, key, result: { $case: 'notStored', value: notStoredOf(outcome) } };
        }
        if (outcome.kind === 'stored') changes.push(outcome.change);
        return { index, key, result: { $case: 'stored', value: storedOf(outcome, () => '') } };
      });
      return { results, token: changes.length === 0 ? '' : manager.tokenOf(namespace, changes) };
    });
  };
}

/** Returns the handler of BatchDelete. */
export function batchDeleteHandler({
  manager,
  namespaces,
}: ServiceParts): UnaryHandler<BatchDeleteRequest, BatchDeleteResponse> {
  return (request, { author }) => {
    const namespace = namespaces.named(request.namespace);
    const keys = itemsField(request.keys, 'keys');
    const once = onceField('batch-delete', request.requestId);
    const settled = settleEach(keys, (key, index) =>
      manager.delete(namespace, { key: keyField(key), once: onceFor(once, index), author }),
    );
    return whenReady(settled, (outcomes): BatchDeleteResponse => {
      const changes = outcomes.flatMap((outcome) => (outcome instanceof OperatingError ? [] : [outcome.change]));
      const results = outcomes.map((outcome, index): BatchDeleteResult => {
        const result = outcome instanceof OperatingError ? failed(outcome) : existed(outcome.existed);
        return { index, key: namedKey(keys[index]!), result };
      });
      return { results, token: changes.length === 0 ? '' : manager.tokenOf(namespace, changes) };
    });
  };
}

/** Bytes that a result without content takes at most beside its key: a miss, or an error with its details. */
const RESULT_BYTES_MAX = 1024;
/** UTF-8 takes at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT_MAX = 3;

/**
 * Counts what a response already holds, and refuses a hit that would make it larger than a message may be. Room for every
 * result without content is set aside at first, so that the refusals themselves always fit.
 */
class ResponseRoom {
  #leftBytes: number;

  constructor(keys: readonly string[]) {
    const aside = keys.reduce((sum, key) => sum + RESULT_BYTES_MAX + BYTES_PER_UNIT_MAX * key.length, RESULT_BYTES_MAX);
    this.#leftBytes = limits.messageBytesMax - aside;
  }

  /** Returns an outcome, or the error in its place. */
  admit(outcome: GetOutcome | OperatingError): GetOutcome | OperatingError {
    if (outcome instanceof OperatingError || outcome.kind === 'miss') return outcome;
    const hitBytes = hitBytesMax(outcome);
    if (hitBytes > this.#leftBytes) {
      return new OperatingError('RESPONSE_FULL', "This item did not fit into the batch's answer: ask for it again.");
    }
    this.#leftBytes -= hitBytes;
    return outcome;
  }
}

/** Returns a key as a result names it: cut where it is longer than a key may be, so that an answer is never too large. */
function namedKey(key: string): string {
  return key.length <= limits.keyBytesMax ? key : key.slice(0, limits.keyBytesMax);
}

function wrongKeys(keys: readonly string[]): ReadonlyMap<number, OperatingError> | undefined {
  let wrong: Map<number, OperatingError> | undefined;
  keys.forEach((key, index) => {
    try {
      keyField(key, 'keys', index);
    } catch (thrown) {
      if (!(thrown instanceof OperatingError)) throw thrown;
      wrong = (wrong ?? new Map()).set(index, thrown);
    }
  });
  return wrong;
}

function failed(error: OperatingError): { $case: 'error'; value: ReturnType<typeof statusOf> } {
  return { $case: 'error', value: statusOf(error) };
}

function existed(value: boolean): { $case: 'existed'; value: boolean } {
  return { $case: 'existed', value };
}

/** One request id covers the batch; each item needs one of its own to be applied once. */
function onceFor(once: Once | undefined, index: number): Once | undefined {
  return once === undefined ? undefined : { requestId: `${once.requestId} ${index}` };
}
