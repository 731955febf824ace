import { type CutProxy, openCutProxy } from './cut-proxy.ts';
import { untilInfo } from './primaries.ts';
import { type RedisProcess, startRedis } from './redis-process.ts';
import type { RedisRig } from './rig.ts';
import { rigUrlThrough } from './rig-url.ts';
import { openStandalone } from './standalone.ts';

/** A primary and a replica that loses what the test says, behind one address; `await using` stops them. */
export interface RedisPair extends AsyncDisposable {
  /** Its URL leads to whoever is in force. */
  readonly rig: RedisRig;
  readonly primary: RedisProcess;
  readonly replica: RedisProcess;
  readonly proxy: CutProxy;
  /** Ends the replication: the replica has all that was done before, and nothing of what is done from now on. */
  part(): Promise<void>;
  /** Leads everybody to the replica. What the primary took since `part` is lost. */
  switchOver(): Promise<void>;
  /** Leads everybody to the primary again, which nobody told that it was deposed. */
  switchBack(): Promise<void>;
}

/** Starts a primary and a replica that has copied it. */
export async function openPair(): Promise<RedisPair> {
  await using opening = new AsyncDisposableStack();
  const direct = opening.use(await openStandalone());
  const primary = direct.servers[0]!;
  const replica = opening.use(await startRedis({ config: [`replicaof 127.0.0.1 ${primary.port}`] }));
  await untilInfo(replica, 'replication', 'master_link_status:up');
  const proxy = opening.use(await openCutProxy(primary.port));
  const owned = opening.move();
  return {
    rig: { ...direct, url: rigUrlThrough(direct, [proxy.port]), ports: [proxy.port] },
    primary,
    replica,
    proxy,
    part: () => part(primary, replica),
    switchOver: () => lead(proxy, replica),
    switchBack: () => lead(proxy, primary),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function part(primary: RedisProcess, replica: RedisProcess): Promise<void> {
  await primary.session(async (call) => {
    await call('SET', 'the last that is copied', '1');
    if ((await call('WAIT', 1, 5_000)) !== 1) throw new Error('the replica did not copy everything');
  });
  await replica.command('REPLICAOF', 'NO', 'ONE');
}

async function lead(proxy: CutProxy, { port }: RedisProcess): Promise<void> {
  await proxy.cut();
  proxy.leadTo(port);
  await proxy.resume();
}
