import { fileURLToPath } from 'node:url';
import { CacheServiceService, SetRequest } from '../../src/gen/reprise/v1/cache_service.ts';
import { cores } from '../contestants/contestant.ts';
import { callOnce } from '../contestants/grpc-contestant.ts';
import { openScratch } from '../contestants/workload.ts';
import { setRequest } from '../demo/remote-cache.ts';
import { startProcess } from '../support/processes.ts';
import { startReprise } from '../support/reprise-server.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { ResponseReader } from '../wire/response-reader.ts';
import { keyOf } from './load.ts';
import { subscribePath, subscribeRequest } from './subscribe-request.ts';

/** A running server that tells subscribers of changes. */
export interface StreamingServer {
  /** The first part of the ids of its figures. */
  readonly id: string;
  readonly address: string;
  readonly pid: number;
  /** It sends events made beforehand. */
  readonly readyMade: boolean;
}

/** Servers of one launch: Reprise as it is by default, metrics on, and the floor it is compared with. */
export interface StreamingServers {
  readonly reprise: StreamingServer;
  readonly bare: StreamingServer;
}

const bareServerPath = fileURLToPath(new URL('../peers/stream-server.ts', import.meta.url));
const set = {
  path: CacheServiceService.set.path,
  request: Buffer.from(
    SetRequest.encode(setRequest('', keyOf(0, { wants: 'all', subscribers: 1 }), Buffer.alloc(100, 'v'))).finish(),
  ),
};

/** Starts both afresh; `stack` will stop them. The floor sends the very bytes that Reprise sent. */
export async function openStreamingServers(stack: AsyncDisposableStack): Promise<StreamingServers> {
  const scratch = stack.use(openScratch());
  const reprise = stack.use(await startReprise({ core: cores.server, withOps: true }));
  const address = reprise.ready.grpc;
  const { answer, events } = await oneDelivery(address);
  const command = [
    ...[process.execPath, bareServerPath],
    `${set.path}=${scratch.write('set.answer', answer)}`,
    `${subscribePath}=${scratch.write('events.message', events)}`,
  ];
  const bare = stack.use(await startProcess({ command, core: cores.server, readyLine: addressIn }));
  return {
    reprise: { id: 'reprise', address, pid: reprise.pid, readyMade: false },
    bare: { id: 'bare', address: bare.ready, pid: bare.pid, readyMade: true },
  };
}

/** Makes one change and returns the bytes of its answer and of the message that a subscriber receives. */
async function oneDelivery(address: string): Promise<{ readonly answer: Buffer; readonly events: Buffer }> {
  using stack = new DisposableStack();
  const connection = stack.adopt(await GrpcConnection.open({ address }), (opened) => opened.close());
  const [ready, events] = [Promise.withResolvers<void>(), Promise.withResolvers<Buffer>()];
  const reader = new ResponseReader();
  connection.call(subscribePath, subscribeRequest('', []), {
    message(bytes) {
      const kind = reader.read(bytes, () => undefined);
      if (kind === 'ready') ready.resolve();
      if (kind === 'events') events.resolve(Buffer.from(bytes));
    },
    ended: () => events.reject(new Error('the stream ended')),
  });
  await ready.promise;
  const answer = await callOnce({ address, ...set });
  return { answer, events: await events.promise };
}

function addressIn(line: string): string | undefined {
  return /^listening (\S+)$/.exec(line)?.[1];
}
