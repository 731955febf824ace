import { benchStream } from './stream/bench-stream.ts';
import { readStreamOptions } from './stream/options.ts';
import { runMain } from './support/run-main.ts';

/**
 * `npm run bench-stream -- [--launches N] [--seconds N] [--warm-up-seconds N]`: measures what subscribers receive, how
 * late, and what it costs the server, which is on core 0, the writer and all subscribers on core 1.
 */
await runMain(async (args, signal) => {
  const tables = await benchStream(readStreamOptions(args), signal, (line) => process.stderr.write(`${line}\n`));
  process.stdout.write(`\n${tables}`);
});
