// Goal: the stream of changes keeps its promises whatever happens to subscribers, connections and servers. Method: random
// traffic against a real server over real gRPC, written down, and judged by one validator a promise; SEED=… repeats a run.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seedOfRun } from '../support/seeded-random.ts';
import { coverageOf, shortOf } from './history/coverage.ts';
import { assertKept } from './validators/assert-kept.ts';
import { allWorkloads } from './workload/all-workloads.ts';

describe('the promises of the stream', () => {
  const seed = seedOfRun();

  for (const { name, run, least } of allWorkloads) {
    it(`are kept with ${name}`, async (t) => {
      t.diagnostic(`SEED=${seed}`);
      const history = await run(seed);
      const coverage = coverageOf(history);
      t.diagnostic(JSON.stringify(coverage));
      assertKept(history);
      assert.deepEqual(shortOf(coverage, least), [], 'too little happened to say anything');
    });
  }
});
