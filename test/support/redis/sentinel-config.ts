import { SUPERUSER_PASSWORD } from './redis-access.ts';
import type { RedisProcess } from './redis-process.ts';
import { PRIMARY_NAME } from './rig-url.ts';

/** Returns the configuration of a Sentinel that watches the first of the servers with the others as its replicas. */
export function sentinelConfig(index: number, servers: readonly RedisProcess[], downAfterMs: number): string[] {
  const [primary, ...replicas] = servers;
  const withAcl = primary!.access.aclPrefix !== undefined;
  return [
    `sentinel myid ${sentinelId(index)}`,
    `sentinel monitor ${PRIMARY_NAME} 127.0.0.1 ${primary!.port} 2`,
    `sentinel down-after-milliseconds ${PRIMARY_NAME} ${downAfterMs}`,
    `sentinel failover-timeout ${PRIMARY_NAME} 5000`,
    `sentinel parallel-syncs ${PRIMARY_NAME} 1`,
    ...(withAcl ? [`sentinel auth-pass ${PRIMARY_NAME} ${SUPERUSER_PASSWORD}`] : []),
    ...replicas.map(({ port }) => `sentinel known-replica ${PRIMARY_NAME} 127.0.0.1 ${port}`),
  ];
}

/** Returns the lines that tell a Sentinel of the others, which would take it seconds to find out. */
export function otherSentinels(index: number, ports: readonly number[]): string[] {
  const others = [...ports.entries()].filter(([other]) => other !== index);
  return others.map(
    ([other, port]) => `sentinel known-sentinel ${PRIMARY_NAME} 127.0.0.1 ${port} ${sentinelId(other)}`,
  );
}

function sentinelId(index: number): string {
  return `${index + 1}`.repeat(40);
}
