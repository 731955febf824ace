// Goal: a namespace on several partitions, of which one is its control partition, keeps its promises whatever fails.
// Method: a seeded simulation that runs the rules of src/cache/rules, judged by what really happened; SEED=… repeats one.
import { test } from 'node:test';
import { expectKept } from './expect-kept.ts';

test('a fleet on three partitions keeps its promises', (t) => expectKept(t, 'spread 3', 400));
