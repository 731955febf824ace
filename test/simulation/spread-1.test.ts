// Goal: a fleet with one partition keeps its promises through failovers, deposed primaries, cut-off and killed nodes.
// Method: a seeded simulation that runs the rules of src/cache/rules, judged by what really happened; SEED=… repeats one.
import { test } from 'node:test';
import { expectKept } from './expect-kept.ts';

test('a fleet on one partition keeps its promises', (t) => expectKept(t, 'spread 1', 1300));
