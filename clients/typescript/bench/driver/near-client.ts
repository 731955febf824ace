import { type Client, connect, type NearCacheOptions, rawCodec } from '../../src/index.ts';
import { until } from '../../test/support/until.ts';

/** Deliberate: longer than the default, so that a machine that stalls for a second does not turn hits into calls. */
const MAX_LAG_MS = 5000;
const TIMEOUT_MS = 20_000;

/** Opens a client with a near cache of raw values, and waits until it serves. */
export async function openNear(address: string, namespace: string, options: NearCacheOptions): Promise<Client> {
  const nearCache = { maxLagMs: MAX_LAG_MS, ...options };
  const client = await connect(address, { namespace, codec: rawCodec, nearCache, timeoutMs: TIMEOUT_MS });
  await until(() => client.nearStats()?.serving === true, 'the near cache to serve');
  return client;
}

/** Reads keys until the near cache holds all of them. */
export async function fillNear(client: Client, keys: readonly string[]): Promise<void> {
  await until(async () => {
    await client.getMany(keys);
    return (client.nearStats()?.entries ?? 0) >= keys.length;
  }, 'the near cache to be full');
}
