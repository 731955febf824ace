import { type RedisServer, startRedis } from '../support/redis-server.ts';
import { startReprise } from '../support/reprise-server.ts';

/** A running node. */
export interface ScaleNode {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  readonly pid: number;
}

/** A Redis and the nodes over it, the one that writes first. */
export interface ScaleFleet {
  readonly redis: RedisServer;
  readonly writer: ScaleNode;
  readonly others: readonly ScaleNode[];
}

/** Starts a Redis and so many nodes, on whatever core is free; `stack` will stop them. */
export async function openScaleFleet(stack: AsyncDisposableStack, nodeCount: number): Promise<ScaleFleet> {
  const redis = await startRedis(stack, undefined);
  const nodes: ScaleNode[] = [];
  for (let count = 0; count < nodeCount; count += 1) {
    const flags = ['--redis', `redis://127.0.0.1:${redis.port}`, '--max-lag', '5s'];
    const { ready, pid } = stack.use(await startReprise({ core: undefined, flags }));
    nodes.push({ address: ready.grpc, pid });
  }
  const [writer, ...others] = nodes;
  return { redis, writer: writer!, others };
}
