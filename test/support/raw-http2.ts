import { once } from 'node:events';
import { connect as connectHttp2, type OutgoingHttpHeaders } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { within } from './until.ts';

/** How a stream ended. */
export interface StreamEnd {
  readonly httpStatus: number | undefined;
  /** From the trailers, or from the headers where there are only those. */
  readonly grpcStatus: number | undefined;
  /** HTTP/2 code of the reset, 0 if the stream ended in good order. */
  readonly resetCode: number;
  /** The server dropped the connection. */
  readonly dropped: boolean;
}

/** A gRPC message frame. */
export function messageFrame(bytes: Uint8Array, { compressed = 0, lengthBytes = bytes.length } = {}): Buffer {
  const header = Buffer.alloc(5);
  header[0] = compressed;
  header.writeUInt32BE(lengthBytes, 1);
  return Buffer.concat([header, bytes]);
}

/** Sends one request, with any headers and body, over a connection of its own, and tells how it ended. */
export async function sendStream(address: string, headers: OutgoingHttpHeaders, body: Uint8Array): Promise<StreamEnd> {
  const session = connectHttp2(`http://${address}`);
  const end = { httpStatus: undefined, grpcStatus: undefined, resetCode: 0, dropped: false } as {
    -readonly [Field in keyof StreamEnd]: StreamEnd[Field];
  };
  const readStatus = (fields: Record<string, unknown>): void => {
    if (fields[':status'] !== undefined) end.httpStatus = Number(fields[':status']);
    if (fields['grpc-status'] !== undefined) end.grpcStatus = Number(fields['grpc-status']);
  };
  session.on('error', () => {
    end.dropped = true;
  });
  try {
    const stream = session.request({
      ':method': 'POST',
      te: 'trailers',
      'content-type': 'application/grpc',
      ...headers,
    });
    const closed = once(stream, 'close').catch(() => undefined);
    stream.on('error', () => undefined);
    stream.on('response', readStatus);
    stream.on('trailers', readStatus);
    stream.resume();
    stream.end(body);
    await within(closed, { what: 'the end of the stream' });
    end.resetCode = stream.rstCode ?? 0;
    return end;
  } finally {
    session.destroy();
  }
}

/** Sends bytes over a plain connection, ends it, and waits until the server has closed it too. */
export async function sendBytes(address: string, bytes: Uint8Array, { thenReset = false } = {}): Promise<void> {
  const [host, port] = address.split(':');
  const socket = connectTcp(Number(port), host);
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.write(bytes, () => (thenReset ? socket.resetAndDestroy() : socket.end()));
  await within(closed, { what: 'the end of the connection' });
}

/** Begins a call that sends a body, or never sends its request; it is in flight until its connection is dropped. */
export async function beginCall(address: string, path: string, body?: Uint8Array): Promise<AsyncDisposable> {
  const session = connectHttp2(`http://${address}`);
  session.on('error', () => undefined);
  const stream = session.request(
    { ':method': 'POST', ':path': path, te: 'trailers', 'content-type': 'application/grpc' },
    { endStream: false },
  );
  stream.on('error', () => undefined);
  if (body !== undefined) stream.end(body);
  // A ping is answered in order: the server has seen what was sent before it.
  await new Promise<void>((resolve, reject) => {
    session.once('connect', () => session.ping((error) => (error === null ? resolve() : reject(error))));
  });
  return {
    [Symbol.asyncDispose]: async () => {
      session.destroy();
    },
  };
}
