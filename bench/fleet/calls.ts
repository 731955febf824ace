import type { Redis } from 'ioredis';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import type { Begin } from './closed-loop.ts';
import type { FleetServers } from './fleet-servers.ts';
import { openRedisClient } from './redis-client.ts';
import { type GrpcRequests, requests } from './requests.ts';
import { BATCH_KEYS, batchesOf, keyAt, namespaces, TTL_MS, value } from './workload.ts';

/** A call to be measured, and what is told of it in every launch. */
export interface CallTraits {
  /** `server.call`, as in `l2.get`. */
  readonly id: string;
  readonly title: string;
  readonly keysPerCall: number;
  /** Scripts and MGETs that Redis must serve for each: says where the answer came from. */
  readonly requestsPerCall: number;
}

/** The call, of servers that run. */
export interface FleetCall extends CallTraits {
  readonly begin: Begin;
  /** Process that answers, beside Redis; `undefined` if Redis is asked directly. */
  readonly serverPid: number | undefined;
}

/** Calls that are compared with each other. */
export type CallGroup = readonly FleetCall[];

/** Connects a client to each server and returns what is measured of them; `stack` will drop the connections. */
export async function openCalls(stack: DisposableStack, servers: FleetServers): Promise<readonly CallGroup[]> {
  const { redis, node, echo } = servers;
  const [toNode, toEcho] = [await openGrpc(stack, node.address), await openGrpc(stack, echo.address)];
  const nodeCall = grpcCalls(toNode, node.pid);
  const echoCall = grpcCalls(toEcho, echo.pid);
  const plain = stack.adopt(await openRedisClient(redis.port, false), (one) => one.disconnect());
  const auto = stack.adopt(await openRedisClient(redis.port, true), (one) => one.disconnect());
  const batch = { keysPerCall: BATCH_KEYS };
  return [
    [
      ...redisCalls('get', 'ioredis GET', plain, auto, beginGet),
      echoCall('echo.get', 'bare echo of a Get', requests.get('warm')),
      nodeCall('l1.get', 'Get, L1 hit', requests.get('warm')),
      nodeCall('l2.get', 'Get, L2 hit', requests.get('cold'), { requestsPerCall: 1 }),
    ],
    [
      ...redisCalls('set', 'ioredis SET PX', plain, auto, beginSet),
      echoCall('echo.set', 'bare echo of a Set', requests.set()),
      nodeCall('node.set', 'Set', requests.set(), { requestsPerCall: 1 }),
    ],
    [
      ...redisCalls('batch', 'ioredis MGET × 100', plain, auto, beginMget, { ...batch, requestsPerCall: 1 }),
      echoCall('echo.batch', 'bare echo of a BatchGet', requests.batchGet('warm'), batch),
      nodeCall('l1.batch', 'BatchGet × 100, L1 hits', requests.batchGet('warm'), batch),
      nodeCall('l2.batch', 'BatchGet × 100, L2 hits', requests.batchGet('cold'), { ...batch, requestsPerCall: 1 }),
    ],
  ];
}

/** What differs from a call of one key that asks Redis for nothing. */
type Traits = Partial<Pick<CallTraits, 'keysPerCall' | 'requestsPerCall'>>;

async function openGrpc(stack: DisposableStack, address: string): Promise<GrpcConnection> {
  return stack.adopt(await GrpcConnection.open({ address }), (connection) => connection.close());
}

function grpcCalls(connection: GrpcConnection, serverPid: number) {
  return (id: string, title: string, sent: GrpcRequests, traits: Traits = {}): FleetCall => ({
    ...{ id, title, keysPerCall: 1, requestsPerCall: 0, ...traits, serverPid },
    begin: beginGrpc(connection, sent),
  });
}

/** Returns what sends requests in turn over a connection. */
export function beginGrpc(connection: GrpcConnection, { path, messages, isRight }: GrpcRequests): Begin {
  let sent = 0;
  return (done) => {
    let right = false;
    connection.call(path, messages[sent++ % messages.length]!, {
      message: (bytes) => {
        right = isRight(bytes);
      },
      ended: () => done(right),
    });
  };
}

/** The same call without and with ioredis' automatic pipelining: which one is stronger depends on the load. */
function redisCalls(
  name: string,
  title: string,
  plain: Redis,
  auto: Redis,
  begin: (client: Redis) => Begin,
  traits: Traits = {},
): readonly FleetCall[] {
  const common = { keysPerCall: 1, requestsPerCall: 0, ...traits, serverPid: undefined };
  return [
    { ...common, id: `redis.${name}`, title, begin: begin(plain) },
    { ...common, id: `redisAuto.${name}`, title: `${title}, autopipelined`, begin: begin(auto) },
  ];
}

function beginGet(client: Redis): Begin {
  let sent = 0;
  return (done) => {
    client.getBuffer(keyAt(sent++ % namespaces.cold.keys)).then(
      (found) => done(found?.length === value.length),
      () => done(false),
    );
  };
}

function beginSet(client: Redis): Begin {
  let sent = 0;
  return (done) => {
    client.set(keyAt(sent++ % namespaces.cold.keys), value, 'PX', TTL_MS).then(
      (answer) => done(answer === 'OK'),
      () => done(false),
    );
  };
}

function beginMget(client: Redis): Begin {
  const batches = batchesOf('cold');
  let sent = 0;
  return (done) => {
    client.mgetBuffer([...batches[sent++ % batches.length]!]).then(
      (found) => done(found.every((one) => one?.length === value.length)),
      () => done(false),
    );
  };
}
