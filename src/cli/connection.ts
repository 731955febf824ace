import { Client, Metadata, type ServiceError } from '@grpc/grpc-js';
import { systemClock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { formatAddress } from '../config/address.ts';
import { type CallError, callErrorOf } from './call-error.ts';
import type { ConnectionSettings } from './connection-flags.ts';
import { channelSecurity } from './tls-credentials.ts';
import { unreachable } from './unreachable.ts';

/** A method as ts-proto generates it. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** A connection to one server. It is made with the first call. */
export interface Connection {
  /** Calls a unary method; fields that are left out have their proto defaults. Throws a CallError. */
  call<Request, Response>(method: Method<Request, Response>, request: Partial<Request>): Promise<Response>;
  /** Opens a stream of responses, which ends when `signal` aborts. Throws a CallError while it is read. */
  stream<Request, Response>(
    method: Method<Request, Response>,
    request: Partial<Request>,
    signal: AbortSignal,
  ): AsyncIterable<Response>;
  close(): void;
}

const NOTHING = Buffer.alloc(0);

// A server that is silent for longer is given up: a broken network tells nobody. The channel's own waits between
// attempts are short, since whoever retries here waits too; its default grows to two minutes.
const CHANNEL = {
  'grpc.max_receive_message_length': limits.messageBytesMax,
  'grpc.max_send_message_length': -1,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5000,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
} as const;

/** Returns a connection. Throws a ConfigError if a file of its TLS settings can't be read. */
export function connect(settings: ConnectionSettings): Connection {
  const address = formatAddress(settings.server);
  const { credentials, options } = channelSecurity(settings.server.host, settings.tls);
  const client = new Client(address, credentials, { ...CHANNEL, ...options });
  const metadata = new Metadata();
  if (settings.origin !== '') metadata.set('reprise-origin', settings.origin);
  const failure = (error: unknown): CallError => unreachable(callErrorOf(error as ServiceError), address);
  const asked: Asked = { client, metadata, failure, timeoutMs: settings.timeoutMs };
  return {
    call: (method, request) => callUnary(asked, method, request),
    stream: (method, request, signal) => readStream(asked, method, request, signal),
    close: () => client.close(),
  };
}

interface Asked {
  readonly client: Client;
  readonly metadata: Metadata;
  readonly timeoutMs: number;
  readonly failure: (error: unknown) => CallError;
}

function callUnary<Request, Response>(
  { client, metadata, timeoutMs, failure }: Asked,
  method: Method<Request, Response>,
  request: Partial<Request>,
): Promise<Response> {
  const { path, requestSerialize, responseDeserialize } = method;
  const message = complete(method, request);
  const deadline = systemClock.nowMs() + timeoutMs;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      message,
      metadata,
      { deadline },
      (error, answer) => (answer === undefined ? reject(failure(error)) : resolve(answer)),
    );
  });
}

async function* readStream<Request, Response>(
  { client, metadata, failure }: Asked,
  method: Method<Request, Response>,
  request: Partial<Request>,
  signal: AbortSignal,
): AsyncIterable<Response> {
  const { path, requestSerialize, responseDeserialize } = method;
  const message = complete(method, request);
  const started = client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, metadata);
  const cancel = (): void => started.cancel();
  signal.addEventListener('abort', cancel);
  try {
    yield* started;
  } catch (error) {
    if (!signal.aborted) throw failure(error);
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

function complete<Request>(
  method: Pick<Method<Request, unknown>, 'requestDeserialize'>,
  request: Partial<Request>,
): Request {
  return { ...method.requestDeserialize(NOTHING), ...request };
}
