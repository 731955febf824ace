import { type CallOptions, type Client, Metadata, type ServiceError } from '@grpc/grpc-js';
import { BadRequest, ErrorInfo, RetryInfo } from '../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../src/gen/google/rpc/status.ts';

/** A unary method as ts-proto generates it. */
export interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

/** What a call may be given beside its request. */
export type Calling = Partial<CallOptions> & { readonly metadata?: Metadata; readonly signal?: AbortSignal };

const NOTHING = Buffer.alloc(0);

/** Calls a unary method; fields that are left out have their proto defaults. Rejects with grpc-js' ServiceError. */
export function call<Request, Response>(
  client: Client,
  method: UnaryMethod<Request, Response>,
  request: Partial<Request>,
  { metadata = new Metadata(), signal, ...options }: Calling = {},
): Promise<Response> {
  const message = { ...method.requestDeserialize(NOTHING), ...request };
  return callRaw(client, method.path, method.requestSerialize(message), method.responseDeserialize, {
    metadata,
    ...options,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Calls a unary method with bytes that need not be a message. */
export function callRaw<Response>(
  client: Client,
  path: string,
  bytes: Buffer,
  decode: (bytes: Buffer) => Response,
  { metadata = new Metadata(), signal, ...options }: Calling = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asIs = (value: Buffer): Buffer => value;
    const done = (error: ServiceError | null, response?: Response): void =>
      error === null ? resolve(response as Response) : reject(error);
    const started = client.makeUnaryRequest(path, asIs, decode, bytes, metadata, options, done);
    signal?.addEventListener('abort', () => started.cancel());
  });
}

/** Opens a stream with bytes that need not be a message; resolves with its first message, and cancels it then. */
export function openRaw<Response>(
  client: Client,
  path: string,
  bytes: Buffer,
  decode: (bytes: Buffer) => Response,
  options: Partial<CallOptions> = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const stream = client.makeServerStreamRequest(path, (value: Buffer) => value, decode, bytes, options);
    stream.on('error', reject);
    stream.once('data', (message: Response) => {
      resolve(message);
      stream.cancel();
    });
  });
}

/** What the details of an error say. */
export interface ErrorFacts {
  readonly code: number;
  readonly reason: string;
  readonly domain: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Fields that BadRequest names. */
  readonly fields: readonly string[];
  readonly retryDelay: RetryInfo['retryDelay'];
}

/** Reads the details of an error that a call was rejected with. */
export function errorFacts(error: unknown): ErrorFacts {
  const { code, metadata } = error as ServiceError;
  const [bytes] = metadata?.get('grpc-status-details-bin') ?? [];
  const rpcStatus = Status.decode(Buffer.from(bytes ?? ''));
  const find = (type: string): Buffer =>
    rpcStatus.details.find(({ typeUrl }) => typeUrl.endsWith(`.${type}`))?.value ?? NOTHING;
  const info = ErrorInfo.decode(find('ErrorInfo'));
  return {
    code,
    reason: info.reason,
    domain: info.domain,
    metadata: Object.fromEntries(info.metadata),
    fields: BadRequest.decode(find('BadRequest')).fieldViolations.map(({ field }) => field),
    retryDelay: RetryInfo.decode(find('RetryInfo')).retryDelay,
  };
}

/** Waits for a call to be rejected and returns what its details say. Fails if it was answered. */
export async function errorOf(calling: Promise<unknown>): Promise<ErrorFacts> {
  try {
    await calling;
  } catch (error) {
    return errorFacts(error);
  }
  throw new Error('the call was answered where an error was expected');
}
