import { benchOverload } from './overload/bench-overload.ts';
import { readOverloadOptions } from './overload/options.ts';
import { runMain } from './support/run-main.ts';

/**
 * `npm run bench-overload -- [--connections N] [--seconds N]`: what a server does when it is asked for once and three
 * times as much as it can, and how soon it is itself again. The server is on core 0, its callers on core 1.
 */
await runMain(async (args, signal) => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(`\n${await benchOverload(readOverloadOptions(args), signal, say)}`);
});
