import { Client, credentials } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { createNamespace } from '../support/namespaces.ts';
import { callUnary, channelOptions } from '../support/rpc.ts';
import { openRedisClient } from './redis-client.ts';
import { batchesOf, namespaces, type Temperature, TTL_MS, value } from './workload.ts';

/** Creates the namespaces, and stores under every key through a node and in Redis itself. */
export async function fillFleet(address: string, redisPort: number): Promise<void> {
  using stack = new DisposableStack();
  const client = stack.adopt(new Client(address, credentials.createInsecure(), channelOptions), (one) => one.close());
  const redis = stack.adopt(await openRedisClient(redisPort, false), (one) => one.disconnect());
  for (const temperature of Object.keys(namespaces) as Temperature[]) {
    const { name, capacityBytes } = namespaces[temperature];
    await createNamespace(client, name, capacityBytes);
    for (const keys of batchesOf(temperature)) {
      await setAll(client, name, keys);
      await Promise.all(keys.map((key) => redis.set(key, value, 'PX', TTL_MS)));
    }
  }
}

async function setAll(client: Client, namespace: string, keys: readonly string[]): Promise<void> {
  const common = { contentType: '', tags: [], ttl: undefined, staleWindow: undefined, condition: undefined };
  const items = keys.map((key) => ({ key, content: { $case: 'value' as const, value }, ...common }));
  await callUnary(client, CacheServiceService.batchSet, { namespace, items, requestId: '' });
}
