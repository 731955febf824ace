import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceError,
  type sendUnaryData,
  status,
} from '@grpc/grpc-js';
import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { RecordedCall } from '../../gen/reprise/testing/v1/test_service.ts';
import type { MethodHandler, MethodWrapper } from '../grpc-server.ts';
import type { GeneratedMethod } from '../message-codec.ts';
import type { CallJournal } from './call-journal.ts';
import type { Connections } from './connections.ts';
import { injectedError } from './failures.ts';
import type { Effect, FaultTable } from './fault-table.ts';
import type { OpenSubscribes } from './open-subscribes.ts';

/** What a call meets before it is served. */
export interface FaultyParts {
  readonly clock: Clock;
  readonly faults: FaultTable;
  readonly journal: CallJournal;
  readonly connections: Connections;
  readonly streams: OpenSubscribes;
}

type UnaryCall = ServerUnaryCall<unknown, unknown>;
type StreamCall = ServerWritableStream<unknown, Buffer>;
type Answer = sendUnaryData<unknown>;

/** Returns what stands around the methods of all services but its own: calls are recorded, and meet the faults. */
export function faultyCalls(parts: FaultyParts): MethodWrapper {
  return (rpc, method, handler) => {
    if (rpc.startsWith('reprise.testing.')) return handler;
    return method.responseStream
      ? faultyStream(parts, rpc, method, handler as handleServerStreamingCall<unknown, Buffer>)
      : faultyUnary(parts, rpc, method, handler as handleUnaryCall<unknown, unknown>);
  };
}

function faultyUnary(
  parts: FaultyParts,
  rpc: string,
  method: GeneratedMethod,
  handler: handleUnaryCall<unknown, unknown>,
): MethodHandler {
  return (call: UnaryCall, callback: Answer) => {
    const { recorded, fault } = arrived(parts, rpc, method, call);
    const answer: Answer = (error, ...rest) => {
      recorded.code = error?.code ?? status.OK;
      callback(error, ...rest);
    };
    const fail = (error: Partial<ServiceError>): void => answer(error);
    if (fault === undefined) return handler(call, answer);
    if (!fault.afterWork) return meet(parts, fault.effect, call, fail, () => handler(call, answer));
    return handler(call, (...answered) => meet(parts, fault.effect, call, fail, () => answer(...answered)));
  };
}

function faultyStream(
  parts: FaultyParts,
  rpc: string,
  method: GeneratedMethod,
  handler: handleServerStreamingCall<unknown, Buffer>,
): MethodHandler {
  return (call: StreamCall) => {
    const { recorded, fault } = arrived(parts, rpc, method, call);
    const fail = (error: Partial<ServiceError>): void => {
      recorded.code = error.code ?? status.UNKNOWN;
      call.emit('error', error);
    };
    const open = (): void => {
      if (call.cancelled) return;
      recorded.code = status.OK;
      // Before it is opened: what the handler refuses it with is told in the same way.
      call.prependListener('error', (error: Partial<ServiceError>) => {
        recorded.code = error.code ?? status.UNKNOWN;
      });
      parts.streams.add(namespaceOf(call.request), call);
      handler(call);
    };
    if (fault === undefined) open();
    else meet(parts, fault.effect, call, fail, open);
  };
}

function arrived(
  { clock, faults, journal }: FaultyParts,
  rpc: string,
  method: GeneratedMethod,
  call: UnaryCall | StreamCall,
): { recorded: RecordedCall; fault: ReturnType<FaultTable['take']> } {
  const { request, metadata } = call;
  const namespace = namespaceOf(request);
  const encode = method.requestSerialize as (message: unknown) => Buffer;
  const recorded = journal.record({
    rpc,
    namespace,
    metadata,
    patienceMs: Number(call.getDeadline()) - clock.nowMs(),
    request: request instanceof OperatingError ? undefined : encode(request),
  });
  return { recorded, fault: faults.take(rpc, namespace) };
}

function meet(
  { clock, connections }: FaultyParts,
  effect: Effect,
  call: UnaryCall | StreamCall,
  fail: (error: Partial<ServiceError>) => void,
  goOn: () => void,
): void {
  switch (effect.kind) {
    case 'failure':
      fail(injectedError(effect.failure));
      break;
    case 'delay':
      clock.startTimer(effect.ms, goOn);
      break;
    case 'silence':
      break;
    case 'cut':
      connections.cut(call.getPeer());
  }
}

function namespaceOf(request: unknown): string {
  const { namespace = '' } = request as { readonly namespace?: string };
  return namespace;
}
