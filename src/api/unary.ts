import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { Clock } from '../base/clock.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { CallContext } from '../cache/call-context.ts';
import type { Author } from '../store/store.ts';
import { callGroupOf } from './call-groups.ts';
import { CallScope } from './call-scope.ts';
import type { LoadShedder } from './load-shedder.ts';
import type { Received } from './message-codec.ts';
import { overloadRefusal } from './overload-refusals.ts';
import { serviceErrorOf } from './rpc-status.ts';

/** Watches the calls of one method. */
export interface CallObserver {
  /** A call began. */
  started(): void;
  /** A call ended with a gRPC status code after `elapsedMs`. */
  ended(code: number, elapsedMs: number): void;
  /** A call was answered with an operating error. */
  refused(error: OperatingError): void;
  /** A bug surfaced; `requestId` is what the caller was told. */
  failed(requestId: string, cause: unknown): void;
}

/** What every call passes through. */
export interface Edge {
  readonly clock: Clock;
  readonly random: Random;
  /** Returns who watches a method, such as `reprise.v1.CacheService/Get`. */
  observerOf(rpc: string): CallObserver;
  /** Refuses calls while there is more to do than can be done. */
  readonly shedder: LoadShedder;
}

/** What a handler knows of its call beside the request. */
export interface CallFacts extends CallContext {
  /** Who makes the changes of the call. ORIGIN_INVALID if it names itself in a way that can't be told on. */
  readonly author: Author;
}

/** Answers a decoded request with a message, or with the message's bytes where encoding has a short way. */
export type UnaryHandler<Request, Response> = (request: Request, call: CallFacts) => MaybePromise<Response | Buffer>;

/**
 * The one request path: refused or decoded by the codec → answered by the handler → encoded, or mapped to a status. Nothing that a
 * handler throws escapes: an operating error becomes its typed status, anything else INTERNAL with a request id.
 */
export function unary<Request, Response>(
  edge: Edge,
  rpc: string,
  handler: UnaryHandler<Request, Response>,
): handleUnaryCall<Received<Request>, Response | Buffer> {
  const observer = edge.observerOf(rpc);
  const group = callGroupOf(rpc);
  return (call, callback) => {
    const startedAtMs = edge.clock.monotonicMs();
    observer.started();
    const scope = new CallScope(call, edge.clock, startedAtMs);
    const end = (code: number): void => {
      scope.close();
      observer.ended(code, edge.clock.monotonicMs() - startedAtMs);
    };
    const answer = (response: Response | Buffer): void => {
      callback(null, response);
      end(status.OK);
    };
    const fail = (thrown: unknown): void => {
      const error = serviceErrorOf(operatingErrorOf(edge, observer, thrown));
      callback(error);
      end(error.code);
    };
    try {
      if (call.request instanceof OperatingError) throw call.request;
      if (group !== undefined && edge.shedder.isTooLate(group, scope)) throw overloadRefusal(edge.random);
      const response = handler(call.request, scope);
      if (response instanceof Promise) response.then(answer, fail);
      else answer(response);
    } catch (thrown) {
      fail(thrown);
    }
  };
}

/** Returns what the caller is told of anything that was thrown: a bug becomes INTERNAL with a request id. */
export function operatingErrorOf(edge: Edge, observer: CallObserver, thrown: unknown): OperatingError {
  if (thrown instanceof OperatingError) {
    observer.refused(thrown);
    return thrown;
  }
  const requestId = edge.random.bytes(8).toString('hex');
  observer.failed(requestId, thrown);
  const message = `Internal error. Report it with the request id ${requestId}.`;
  return new OperatingError('INTERNAL', message, { metadata: { requestId }, cause: thrown });
}
