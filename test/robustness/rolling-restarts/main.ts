// `npm run rolling-restarts`: restarts each of three nodes over a Redis COUNT times (20 if not given), one after the other,
// under calls and with 360 streams; prints one line each, and fails if a caller would have noticed.
import { countGiven } from '../../support/count-given.ts';
import { seedOfRun } from '../../support/seeded-random.ts';
import { complaintsOf, lineOf, summaryOf } from './judge-restarts.ts';
import { runRestarts } from './run-restarts.ts';

const result = await runRestarts(countGiven(20), { streams: 360, seed: seedOfRun() }, (restart) => {
  console.log(lineOf(restart));
});
console.log(`\n${summaryOf(result)}`);
const complaints = complaintsOf(result);
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);
