import { benchClients } from './clients/bench-clients.ts';
import { readClientsOptions } from './clients/options.ts';
import { runMain } from './support/run-main.ts';

/**
 * `npm run bench-clients -- [--launches N] [--rounds N] [--seconds N] [--languages go,java]`: measures the clients beside
 * the bare stubs and maps of their languages. Servers are on core 0, the client's process on core 1.
 */
await runMain(async (args, signal) => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  process.stdout.write(`\n${await benchClients(readClientsOptions(args), signal, say)}`);
});
