import { readSoakOptions, type SoakOptions } from './soak/options.ts';
import { type SoakRun, soakFaults, soakTables } from './soak/report.ts';
import { soakFreshServer } from './soak/soak-process.ts';
import { runMain } from './support/run-main.ts';

/** So many keys that none is written twice, and nearly as many as may wait for one subscriber. */
const keys = { unique: 1_000_000_000, hot: 3000 } as const;

/**
 * `npm run soak -- [--changes N] [--fast N] [--stalled N]`: shows what subscribers who never read cost the server in
 * memory, and those who read in speed. Each run has a fresh server; ends with status 1 if somebody missed something.
 */
async function soak(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = readSoakOptions(args);
  const runs: SoakRun[] = [];
  for (const plan of plansOf(options)) {
    signal.throwIfAborted();
    process.stderr.write(`${plan.title}: ${plan.changes} changes to ${plan.fast} who read\n`);
    runs.push({ title: plan.title, stalled: plan.stalled, result: await soakFreshServer(plan) });
  }
  process.stdout.write(`\n${soakTables(runs)}`);
  const faults = soakFaults(runs);
  if (faults.length > 0) throw new Error(faults.join('\n'));
}

/** Few keys are the worst that the queues of stalled subscribers can do to the server, and need fewer changes. */
function plansOf({ changes, fast, stalled }: SoakOptions) {
  const common = { fast, changes, keys: keys.unique };
  const hot = { fast, changes: Math.ceil(changes / 10), keys: keys.hot };
  return [
    { ...common, title: 'all read', stalled: 0 },
    { ...common, title: `${stalled} stalled`, stalled },
    { ...hot, title: `${stalled} stalled, ${keys.hot} keys`, stalled },
  ];
}

await runMain(soak);
