import { benchScale } from './scale/bench-scale.ts';
import { readScaleOptions } from './scale/options.ts';
import { runMain } from './support/run-main.ts';
import { requireProgram } from './support/tools.ts';

/**
 * `npm run bench-scale -- [--nodes 1,2,4,8] [--rounds N] [--seconds N] [--rate N]`: measures what each node and each change
 * cost, in CPU time of Redis and of the nodes, by how many nodes there are; fits a model, and says what it expects of
 * greater fleets.
 */
await runMain(async (args, signal) => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  await requireProgram('redis-server', 'redis-server', say);
  process.stdout.write(`\n${await benchScale(readScaleOptions(args), signal, say)}`);
});
