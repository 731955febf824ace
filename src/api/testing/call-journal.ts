import type { Metadata } from '@grpc/grpc-js';
import { limits } from '../../base/limits.ts';
import type { RecordedCall } from '../../gen/reprise/testing/v1/test_service.ts';
import { durationOf } from '../durations.ts';

/** What is known of a call when it comes. */
export interface ArrivedCall {
  /** Such as `reprise.v1.CacheService/Get`. */
  readonly rpc: string;
  readonly namespace: string;
  readonly metadata: Metadata;
  /** Milliseconds that the caller gave it; Infinity: no end. */
  readonly patienceMs: number;
  /** The request's bytes. Absent: they were no message. */
  readonly request: Buffer | undefined;
}

interface Entry {
  readonly namespace: string;
  readonly call: RecordedCall;
}

/** The newest calls, as they came and how they were answered. */
export class CallJournal {
  readonly #entries: Entry[] = [];

  /** Records a call. Its `code` is set by whoever answers it. */
  record({ rpc, namespace, metadata, patienceMs, request }: ArrivedCall): RecordedCall {
    const isShort = request !== undefined && request.length <= limits.recordedRequestBytesMax;
    const call: RecordedCall = {
      method: rpc,
      metadata: textsOf(metadata),
      deadline: Number.isFinite(patienceMs) ? durationOf(Math.max(0, patienceMs)) : undefined,
      request: isShort ? { typeUrl: `type.googleapis.com/${requestType(rpc)}`, value: request } : undefined,
      code: undefined,
    };
    this.#entries.push({ namespace, call });
    if (this.#entries.length > limits.recordedCallsMax) this.#entries.shift();
    return call;
  }

  /** Returns the calls of a namespace and of a method, oldest first; an empty name stands for all. */
  list(namespace: string, method: string): RecordedCall[] {
    const listed = this.#entries.filter(
      (entry) => (namespace === '' || namespace === entry.namespace) && (method === '' || method === entry.call.method),
    );
    return listed.map(({ call }) => call);
  }
}

// buf lint holds every method to it: a request is named by its method.
function requestType(rpc: string): string {
  const [service = '', method = ''] = rpc.split('/');
  return `${service.slice(0, service.lastIndexOf('.'))}.${method}Request`;
}

function textsOf(metadata: Metadata): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(metadata.getMap())) {
    if (typeof value !== 'string') continue;
    texts.set(name, name === 'authorization' ? value.split(' ', 1)[0]! : value);
  }
  return texts;
}
