import { benchFleet } from './fleet/bench-fleet.ts';
import { readFleetOptions } from './fleet/options.ts';
import { runMain } from './support/run-main.ts';
import { requireProgram } from './support/tools.ts';

/**
 * `npm run bench-fleet -- [--launches N] [--rounds N] [--seconds N]`: measures two nodes over a Redis beside that Redis
 * itself and a bare echo: hits of both tiers, writes, batches, and how a change reaches the other node. Servers are on
 * core 0, the load and the node that only hears of changes on core 1.
 */
await runMain(async (args, signal) => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await requireProgram('redis-server', 'redis-server', say);
  const tables = await benchFleet(readFleetOptions(args), signal, say);
  process.stdout.write(`\n${tables}`);
});
