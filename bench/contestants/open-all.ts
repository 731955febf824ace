import { hasProgram } from '../support/tools.ts';
import type { Contestant } from './contestant.ts';
import { openEcho } from './echo.ts';
import { openEtcd } from './etcd.ts';
import { openMemcached } from './memcached.ts';
import { openRedis } from './redis.ts';
import { openReprise } from './reprise.ts';
import { openScratch } from './workload.ts';

/** Peers that are measured where their programs are installed: `apt-get install -y` and the package. */
const optionalPeers = [
  { program: 'etcd', packages: 'etcd-server', open: openEtcd },
  { program: 'redis-benchmark', packages: 'redis-server redis-tools', open: openRedis },
  { program: 'memcached', packages: 'memcached', open: openMemcached },
] as const;

/** Starts all servers afresh; `stack` will stop them and remove what they wrote. Peers that are not installed are left out. */
export async function openContestants(stack: AsyncDisposableStack): Promise<readonly Contestant[]> {
  const scratch = stack.use(openScratch());
  const { address, contestants } = await openReprise(stack, scratch);
  const all = [...contestants, ...(await openEcho(stack, scratch, address))];
  for (const { program, open } of optionalPeers) {
    if (hasProgram(program)) all.push(...[await open(stack, scratch)].flat());
  }
  return inPairs(all);
}

/** Returns a line for each peer that is left out, with how to have it. */
export function leftOutPeers(): readonly string[] {
  return optionalPeers
    .filter(({ program }) => !hasProgram(program))
    .map(({ program, packages }) => `${program} is not installed and left out: apt-get install -y ${packages}`);
}

/** Unary first, so that what is compared runs close in time. */
function inPairs(contestants: readonly Contestant[]): readonly Contestant[] {
  return contestants.toSorted((a, b) => a.keysPerCall - b.keysPerCall);
}
