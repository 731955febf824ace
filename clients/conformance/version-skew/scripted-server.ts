import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  type status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ErrorInfo } from '../../../src/gen/google/rpc/error_details.ts';
import { Status } from '../../../src/gen/google/rpc/status.ts';

/** How a method answers: with one message, with a stream of them, or with an error. All are bytes. */
export type Answering =
  | { readonly kind: 'unary'; readonly answer: (request: Buffer) => Uint8Array }
  | { readonly kind: 'stream'; readonly open: (call: ServerWritableStream<Buffer, Uint8Array>) => void }
  | { readonly kind: 'error'; readonly code: status; readonly reason: string };

/** A server that knows only the methods it was given, and answers what it was told: another version. */
export interface ScriptedServer extends AsyncDisposable {
  readonly address: string;
  /** How often a method that it has was called: `/reprise.v1.CacheService/Get`. */
  called(path: string): number;
}

/** Starts a server with one method or more, by their path. Any other method is UNIMPLEMENTED. */
export async function startScriptedServer(methods: Readonly<Record<string, Answering>>): Promise<ScriptedServer> {
  const calls = new Map<string, number>();
  const counted = (path: string): void => void calls.set(path, (calls.get(path) ?? 0) + 1);
  const server = new Server();
  server.addService(definitionOf(methods), implementationOf(methods, counted));
  const port = await new Promise<number>((resolve, reject) => {
    const bound = (error: Error | null, found: number): void => (error === null ? resolve(found) : reject(error));
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), bound);
  });
  return {
    address: `127.0.0.1:${port}`,
    called: (path) => calls.get(path) ?? 0,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  };
}

/** Returns a message with a field that was added later: number 100 with a message in it. */
export function withNewField(message: Uint8Array): Buffer {
  return Buffer.concat([message, Buffer.from([0xa2, 0x06, 0x02, 0x08, 0x01])]);
}

function definitionOf(methods: Readonly<Record<string, Answering>>): ServiceDefinition {
  const asIs = (bytes: Buffer): Buffer => bytes;
  const serialized = (bytes: Uint8Array): Buffer => Buffer.from(bytes);
  return Object.fromEntries(
    Object.entries(methods).map(([path, { kind }]) => {
      const codecs = { requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: serialized };
      const shape = { path, requestStream: false, responseStream: kind === 'stream', responseDeserialize: asIs };
      return [path, { ...shape, ...codecs }];
    }),
  );
}

function implementationOf(
  methods: Readonly<Record<string, Answering>>,
  counted: (path: string) => void,
): UntypedServiceImplementation {
  const handlerOf = (path: string, how: Answering) => {
    const unary: handleUnaryCall<Buffer, Uint8Array> = ({ request }, done) => {
      counted(path);
      if (how.kind === 'error') done(errorOf(how));
      else if (how.kind === 'unary') done(null, how.answer(request));
    };
    const stream: handleServerStreamingCall<Buffer, Uint8Array> = (call) => {
      counted(path);
      if (how.kind === 'stream') how.open(call);
    };
    return how.kind === 'stream' ? stream : unary;
  };
  return Object.fromEntries(Object.entries(methods).map(([path, how]) => [path, handlerOf(path, how)]));
}

function errorOf({ code, reason }: { readonly code: status; readonly reason: string }) {
  const info = ErrorInfo.encode({ reason, domain: 'reprise', metadata: new Map() }).finish();
  const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Buffer.from(info) }];
  const metadata = new Metadata();
  const message = 'No.';
  // A method that is not there is refused by gRPC itself, without a reason.
  if (reason !== '')
    metadata.set('grpc-status-details-bin', Buffer.from(Status.encode({ code, message, details }).finish()));
  return { code, details: message, metadata };
}
