import { hasProgram } from '../support/tools.ts';
import type { Contestant } from './contestant.ts';
import { openEcho } from './echo.ts';
import { openEtcd } from './etcd.ts';
import { openMemcached } from './memcached.ts';
import { openRedis } from './redis.ts';
import { openReprise } from './reprise.ts';
import type { Scratch } from './workload.ts';

/** Peers that are measured where their programs are installed: `apt-get install -y` and the package. */
const optionalPeers = [
  { program: 'etcd', packages: 'etcd-server', open: openEtcd },
  { program: 'redis-benchmark', packages: 'redis-server redis-tools', open: openRedis },
  { program: 'memcached', packages: 'memcached', open: openMemcached },
] as const;

/** Starts all servers; `stack` will stop them. `say` is told which peers are left out and how to have them. */
export async function openContestants(
  stack: AsyncDisposableStack,
  scratch: Scratch,
  say: (line: string) => void,
): Promise<readonly Contestant[]> {
  const { address, contestants } = await openReprise(stack, scratch);
  const all = [...contestants, ...(await openEcho(stack, scratch, address))];
  for (const { program, packages, open } of optionalPeers) {
    if (hasProgram(program)) all.push(...[await open(stack, scratch)].flat());
    else say(`${program} is not installed and left out: apt-get install -y ${packages}`);
  }
  return inPairs(all);
}

/** Unary first, so that what is compared runs close in time. */
function inPairs(contestants: readonly Contestant[]): readonly Contestant[] {
  return contestants.toSorted((a, b) => a.keysPerCall - b.keysPerCall);
}
