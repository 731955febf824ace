import { fileURLToPath } from 'node:url';
import { cores } from '../contestants/contestant.ts';
import { callOnce } from '../contestants/grpc-contestant.ts';
import { openScratch } from '../contestants/workload.ts';
import { startProcess } from '../support/processes.ts';
import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startReprise } from '../support/reprise-server.ts';
import { fillFleet } from './fill-fleet.ts';
import { requests } from './requests.ts';

/** A running gRPC server. */
export interface GrpcServer {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly pid: number;
}

/** All servers of a launch: a Redis, two nodes over it as they are by default, metrics on, and a bare echo. */
export interface FleetServers {
  readonly redis: RedisServer;
  /** The node that is called. */
  readonly node: GrpcServer;
  /** The node that hears of what was changed there. */
  readonly other: GrpcServer;
  readonly echo: GrpcServer;
}

const echoPath = fileURLToPath(new URL('../peers/echo-server.ts', import.meta.url));

/**
 * Starts all servers afresh and stores the workload; `stack` will stop them. `nodeFlags` are flags for Node itself, of the
 * node that is called.
 */
export async function openFleet(stack: AsyncDisposableStack, nodeFlags: readonly string[] = []): Promise<FleetServers> {
  const redis = await startRedis(stack, cores.server);
  const node = await startNode(stack, redis, cores.server, nodeFlags);
  // Beside the load: one core for Redis and both nodes would be full at a thousand changes a second.
  const other = await startNode(stack, redis, cores.load, []);
  await fillFleet(node.address, redis.port);
  return { redis, node, other, echo: await startEcho(stack, node.address) };
}

async function startNode(
  stack: AsyncDisposableStack,
  { port }: RedisServer,
  core: number,
  nodeFlags: readonly string[],
): Promise<GrpcServer> {
  const flags = ['--redis', `redis://127.0.0.1:${port}`];
  const { ready, pid } = stack.use(await startReprise({ core, withOps: true, nodeFlags, flags }));
  return { address: ready.grpc, pid };
}

/** The echo answers with the very bytes that the node answered with. */
async function startEcho(stack: AsyncDisposableStack, address: string): Promise<GrpcServer> {
  const scratch = stack.use(openScratch());
  const answers: string[] = [];
  for (const { path, messages } of [requests.get('warm'), requests.batchGet('warm'), requests.set()]) {
    const answer = await callOnce({ address, path, request: messages[0]! });
    answers.push(`${path}=${scratch.write(path.replaceAll('/', '.'), answer)}`);
  }
  const command = [process.execPath, echoPath, ...answers];
  const { ready, pid } = stack.use(await startProcess({ command, core: cores.server, readyLine: addressIn }));
  return { address: ready, pid };
}

function addressIn(line: string): string | undefined {
  return /^listening (\S+)$/.exec(line)?.[1];
}
