import { Server, ServerCredentials, type ServerWritableStream, status } from '@grpc/grpc-js';
import {
  InvalidationServiceService,
  type SubscribeRequest,
  type SubscribeResponse,
} from '../../src/gen/reprise/v1/invalidation_service.ts';

/** A server whose streams end as soon as they are ready. */
export interface HastyServer extends Disposable {
  readonly port: number;
  /** Streams that were opened. */
  readonly streams: number;
}

type Stream = ServerWritableStream<SubscribeRequest, SubscribeResponse>;

// The ways in which a stream ends: well, with an error, and announced.
const ENDINGS: readonly ((stream: Stream) => void)[] = [
  (stream) => stream.end(),
  (stream) => stream.emit('error', { code: status.UNAVAILABLE, details: 'hasty' }),
  (stream) => {
    stream.write({ event: { $case: 'goingAway', value: { token: '', retryAfter: undefined } } });
    stream.end();
  },
];

/** Starts one in this process, since a real server lets streams live. */
export async function startHastyServer(): Promise<HastyServer> {
  const server = new Server();
  let streams = 0;
  const subscribe = (stream: Stream): void => {
    const end = ENDINGS[streams++ % ENDINGS.length]!;
    stream.write({ event: { $case: 'ready', value: { token: `T${streams}`, progressInterval: undefined } } });
    end(stream);
  };
  server.addService({ subscribe: InvalidationServiceService.subscribe }, { subscribe });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return {
    port,
    get streams() {
      return streams;
    },
    [Symbol.dispose]: () => server.forceShutdown(),
  };
}
