// `npm run exactly-once`: COUNT changes (100 000 if not given) with request ids through nodes that lose answers of Redis,
// from SEED on if given; then a control that must fail: a hundredth of them, each try with a request id of its own.
import { countGiven } from '../../support/count-given.ts';
import { seedOfRun } from '../../support/seeded-random.ts';
import { complaintsOf, figuresOf, lineOf } from './judge-changes.ts';
import { runChanges } from './run-changes.ts';

const CONTROL_CHANGES_MIN = 1000;

const count = countGiven(100_000);
const seed = seedOfRun();
console.log(`SEED=${seed}`);
const result = await runChanges(count, seed, 'same');
console.log(lineOf(result));
const control = await runChanges(Math.max(CONTROL_CHANGES_MIN, count / 100), seed, 'new');
console.log(`control, ${lineOf(control)}`);
const complaints = [
  ...complaintsOf(result),
  ...(figuresOf(control).doubled > 0 ? [] : ['the control doubled nothing: the check can not fail']),
];
for (const complaint of complaints) console.error(complaint);
process.exit(complaints.length === 0 ? 0 : 1);
