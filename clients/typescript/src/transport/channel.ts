import {
  type ChannelOptions,
  Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  type Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { limits } from '../base/limits.ts';
import { RepriseError } from '../errors.ts';
import { complete, type Method } from './method.ts';
import { errorOfCall } from './rpc-error.ts';
import type { ChannelSecurity } from './security.ts';
import { targetListName } from './target-list.ts';

/** How one try of a call ended. */
export type Tried<Response> =
  | { readonly ok: true; readonly response: Response }
  /** `reachedServer`: a connection took the request, so that the server may have acted on it. */
  | { readonly ok: false; readonly error: RepriseError; readonly reachedServer: boolean };

/** What one try of a call needs beside its method and request. */
export interface TryOptions {
  readonly metadata: Metadata;
  /** Milliseconds that the try may take. */
  readonly withinMs: number;
  readonly signal: AbortSignal | undefined;
}

/** What a stream tells. `ended` comes once, and last. */
export interface StreamListener<Response> {
  message(response: Response): void;
  /** `error` is absent if the server ended the stream well. */
  ended(error?: RepriseError): void;
}

/** One gRPC channel: the only place that speaks grpc-js. It connects with the first call. */
export interface Channel {
  /** Makes one try of a unary call. Throws only the signal's reason. */
  unary<Q, A>(method: Method<Q, A>, request: Partial<Q>, options: TryOptions): Promise<Tried<A>>;
  /** Opens a stream. Returns what ends it; then `ended` is not called any more. */
  stream<Q, A>(method: Method<Q, A>, request: Partial<Q>, metadata: Metadata, listener: StreamListener<A>): () => void;
  /** Ends every call with CANCELLED, and the connection. */
  close(): void;
}

// The channel's own waits between connection attempts are short, since the client's retries wait too. grpc-js must not
// retry by itself: it would not know request ids, budgets and what the server asks for.
const OPTIONS: ChannelOptions = {
  // Room for the envelope of a value of the largest size.
  'grpc.max_receive_message_length': limits.messageBytesMax + 65_536,
  'grpc.max_send_message_length': -1,
  'grpc.keepalive_permit_without_calls': 0,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // Each client has connections of its own: what one does to its connection harms no other.
  'grpc.use_local_subchannel_pool': 1,
};

/** When a connection that says nothing is taken for dead. */
export interface Keepalive {
  /** Milliseconds without a sign of life, while a call is open, after which it is asked for one. */
  readonly afterMs: number;
  /** Milliseconds in which it must answer. */
  readonly answerWithinMs: number;
}

/** Opens a channel to one of the targets. */
export function openChannel(
  targets: readonly string[],
  { credentials, options }: ChannelSecurity,
  { afterMs, answerWithinMs }: Keepalive = limits.keepalive,
): Channel {
  const target = targets.length === 1 ? `dns:${targets[0]}` : targetListName(targets);
  const keepalive = { 'grpc.keepalive_time_ms': afterMs, 'grpc.keepalive_timeout_ms': answerWithinMs };
  const client = new Client(target, credentials, { ...OPTIONS, ...keepalive, ...options });
  const open = new Set<ClientUnaryCall | ClientReadableStream<unknown>>();
  let closed = false;
  const parts: ChannelParts = { client, target, open, isClosed: () => closed };
  return {
    unary: (method, request, tried) => tryUnary(parts, method, request, tried),
    stream: (method, request, metadata, listener) => openStream(parts, method, request, metadata, listener),
    close() {
      closed = true;
      for (const call of open) call.cancel();
      client.close();
    },
  };
}

interface ChannelParts {
  readonly client: Client;
  readonly target: string;
  /** Every call that has not ended. */
  readonly open: Set<ClientUnaryCall | ClientReadableStream<unknown>>;
  readonly isClosed: () => boolean;
}

function tryUnary<Q, A>(
  parts: ChannelParts,
  method: Method<Q, A>,
  request: Partial<Q>,
  { metadata, withinMs, signal }: TryOptions,
): Promise<Tried<A>> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  if (parts.isClosed()) return Promise.resolve(failed(closedError()));
  return new Promise((resolve, reject) => {
    const cancel = (): void => call.cancel();
    const { path, requestSerialize, responseDeserialize } = method;
    const message = complete(method, request);
    // grpc-js takes an instant of the wall clock and makes a timer of what is left until then.
    const deadline = Date.now() + withinMs;
    const answer = (error: ServiceError | null, response?: A): void => {
      parts.open.delete(call);
      signal?.removeEventListener('abort', cancel);
      if (error === null) resolve({ ok: true, response: response! });
      else if (signal?.aborted) reject(signal.reason);
      else resolve(failed(parts.isClosed() ? closedError() : errorOfCall(error), reached(parts, call)));
    };
    const call = parts.client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      { deadline },
      answer,
    );
    parts.open.add(call);
    signal?.addEventListener('abort', cancel);
  });
}

// Until a connection takes the call, its peer is the channel's target.
function reached({ target }: ChannelParts, call: ClientUnaryCall): boolean {
  return call.getPeer() !== target;
}

function failed(error: RepriseError, reachedServer = false): Tried<never> {
  return { ok: false, error, reachedServer };
}

/** Returns the error of every call on a client that was closed. */
export function closedError(): RepriseError {
  return new RepriseError('The client was closed.', { code: 'CANCELLED' });
}

function openStream<Q, A>(
  parts: ChannelParts,
  method: Method<Q, A>,
  request: Partial<Q>,
  metadata: Metadata,
  listener: StreamListener<A>,
): () => void {
  const { path, requestSerialize, responseDeserialize } = method;
  const call = parts.client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    complete(method, request),
    metadata,
  );
  let over = false;
  const end = (error?: RepriseError): void => {
    parts.open.delete(call);
    if (over) return;
    over = true;
    listener.ended(error);
  };
  parts.open.add(call);
  call.on('data', (response: A) => {
    if (!over) listener.message(response);
  });
  call.on('error', (error: ServiceError) => end(parts.isClosed() ? closedError() : errorOfCall(error)));
  call.on('end', () => end());
  return () => {
    over = true;
    call.cancel();
  };
}
