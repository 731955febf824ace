// `npm run failovers`: COUNT failovers (50 if not given) of each kind, Sentinel and Cluster, by SIGKILL and by SIGSTOP,
// under writes; prints one line each and a table, and fails if a client did not come back or a loss was not told. SHAPE
// (sentinel, cluster) and KIND (kill, freeze) choose one.
import { countGiven } from '../../support/count-given.ts';
import type { FailoverFigures } from './failover-run.ts';
import { complaintsOf, PROMISED, tableOf } from './judge-kind.ts';
import { type FailoverShape, type KindResult, runKinds, SUDDEN } from './run-kinds.ts';

const count = countGiven(50);
const shapes = chosen('SHAPE', ['sentinel', 'cluster'] satisfies FailoverShape[]);
const kinds = chosen('KIND', SUDDEN);

/** The one that the environment names, else all. */
function chosen<T extends string>(variable: string, all: readonly T[]): readonly T[] {
  const name = process.env[variable] ?? '';
  const found = all.filter((each) => name === '' || name === each);
  if (found.length === 0) throw new Error(`${variable} must be one of ${all.join(', ')}`);
  return found;
}

function tell(name: string, round: number, { switchMs, readyMs, resumedMs, lost, untold }: FailoverFigures): void {
  const times = [switchMs, readyMs, resumedMs].map(Math.round);
  const [switched, ready, resumed] = times;
  console.log(
    `${name} ${round}/${count}: new primary after ${switched} ms, all connections ${ready} ms later, ` +
      `${resumed} ms without a write, ${lost} acknowledged writes lost, ${untold} of them untold`,
  );
}

const results: KindResult[] = [];
for (const shape of shapes) results.push(...(await runKinds(shape, count, tell, kinds)));
console.log(`\n${tableOf(results)}`);
console.log(
  'Times in milliseconds, median/longest. "ready": from the new primary until every connection of every client is ' +
    `usable, promised ${PROMISED.readyMs}; "resumed": the longest time without an acknowledged write, promised ` +
    `${PROMISED.resumedMs}; "late": how often each took longer.`,
);
const complaints = results.flatMap(complaintsOf);
for (const complaint of complaints) console.error(complaint);
// A connection that a failover cut may leave a timer behind.
process.exit(complaints.length === 0 ? 0 : 1);
