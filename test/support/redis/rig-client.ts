import { readFileSync } from 'node:fs';
import { Cluster, Redis } from 'ioredis';
import type { RedisOptions } from './redis-connection.ts';
import type { RedisRig } from './rig.ts';
import { PRIMARY_NAME } from './rig-url.ts';

/** Opens a plain client of a rig as the service's user, to look at what the product did. The caller disconnects it. */
export function openRigClient(rig: RedisRig): Redis | Cluster {
  const hosts = rig.ports.map((port) => ({ host: '127.0.0.1', port }));
  const own = loginOptions(rig);
  const client = openShape(rig, hosts, own);
  client.on('error', () => {}); // The command that fails says it, too.
  return client;
}

/** Lends such a client, and disconnects it. */
export async function withRigClient(rig: RedisRig, use: (client: Redis | Cluster) => Promise<void>): Promise<void> {
  const client = openRigClient(rig);
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}

function openShape(rig: RedisRig, hosts: { host: string; port: number }[], own: RedisOptions): Redis | Cluster {
  switch (rig.shape) {
    case 'standalone':
      return new Redis({ ...own, ...hosts[0]! });
    case 'sentinel':
      return new Redis({ ...own, ...sentinelOptions(rig, own), sentinels: hosts, name: PRIMARY_NAME });
    case 'cluster':
      return new Cluster(hosts, {
        redisOptions: own,
        clusterRetryStrategy: () => 100,
        enableReadyCheck: false, // It asks CLUSTER INFO, which the service's user may not.
        slotsRefreshInterval: 1_000,
      });
  }
}

function loginOptions({ user, password, caFile }: RedisRig): RedisOptions {
  return {
    ...(user === undefined ? {} : { username: user, password }),
    ...(caFile === undefined ? {} : { tls: { ca: readFileSync(caFile) } }),
    // A write whose answer was lost is not sent again; a frozen server is left.
    autoResendUnfulfilledCommands: false,
    commandTimeout: 2_000, // Without it a command that was under way when its connection ended never settles.
    socketTimeout: 800,
    retryStrategy: () => 100,
  };
}

function sentinelOptions({ user, password }: RedisRig, { tls }: RedisOptions): RedisOptions {
  return {
    sentinelRetryStrategy: () => 100,
    ...(user === undefined ? {} : { sentinelUsername: user, sentinelPassword: password }),
    ...(tls === undefined ? {} : { sentinelTLS: tls, enableTLSForSentinelMode: true }),
  };
}
