import { type Client, Metadata, type ServiceError } from '@grpc/grpc-js';
import { limits } from '../../src/base/limits.ts';
import { ErrorInfo } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';

/** A unary method as ts-proto describes it. */
export interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** Channel options under which messages of every size the server allows pass. */
export const channelOptions = {
  'grpc.max_receive_message_length': limits.messageBytesMax,
  'grpc.max_send_message_length': limits.messageBytesMax,
} as const;

/** Calls a unary method. Rejects with grpc-js' ServiceError; an aborted signal cancels the call. */
export function callUnary<Request, Response>(
  client: Client,
  method: UnaryMethod<Request, Response>,
  request: Request,
  signal?: AbortSignal,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const { path, requestSerialize, responseDeserialize } = method;
  const cancel = (): void => call.cancel();
  const call = client.makeUnaryRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    new Metadata(),
    (error, response) => {
      signal?.removeEventListener('abort', cancel);
      if (error === null) resolve(response!);
      else reject(error);
    },
  );
  signal?.addEventListener('abort', cancel);
  return promise;
}

/** Calls a unary method with bytes and returns bytes: for peers without generated code, and to see exact sizes. */
export function callRaw(client: Client, path: string, request: Buffer): Promise<Buffer> {
  return callUnary(
    client,
    { path, requestSerialize: (bytes) => bytes, responseDeserialize: (bytes) => bytes },
    request,
  );
}

/** Returns the reason that an error's ErrorInfo carries, or `undefined` if it has none. */
export function reasonOf(error: unknown): string | undefined {
  const details = (error as Partial<ServiceError>).metadata?.get('grpc-status-details-bin')[0];
  if (!Buffer.isBuffer(details)) return undefined;
  const info = Status.decode(details).details.find(({ typeUrl }) => typeUrl.endsWith('/google.rpc.ErrorInfo'));
  return info === undefined ? undefined : ErrorInfo.decode(info.value).reason;
}
