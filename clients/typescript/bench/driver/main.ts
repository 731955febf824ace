// The driver of `make bench-clients`: reads commands from stdin, a JSON object a line, measures one after the other, and
// answers each with one line: what was measured, or an error.
import { createInterface } from 'node:readline';
import { countBatches, countGets } from './calls.ts';
import { timeChanges } from './changes.ts';
import type { Command } from './command.ts';
import { countHits } from './hits.ts';
import { timeCalls } from './latencies.ts';

const measurements = {
  hits: countHits,
  gets: countGets,
  batches: countBatches,
  latencies: timeCalls,
  changes: timeChanges,
} as const;

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line) as Command;
  const answer = await measurements[command.do](command).catch((error: unknown) => ({ error: String(error) }));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
