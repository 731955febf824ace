// Goal: what the overload benchmark tells is what the server said. Method: scrapes as it writes them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedBuckets, shedWork } from '../../../bench/overload/shed-work.ts';

function scrape(rpc: string, counts: readonly (readonly [string, number])[]): string {
  const line = ([le, count]: readonly [string, number]): string =>
    `reprise_request_duration_seconds_bucket{le="${le}",rpc="${rpc}",code="RESOURCE_EXHAUSTED"} ${count}`;
  const answered = 'reprise_request_duration_seconds_bucket{le="0.001",rpc="a.B/Get",code="OK"} 900';
  return [answered, ...counts.map(line)].join('\n');
}

test('percentiles are of the refusals between two scrapes, those of all methods together', () => {
  const before = refusedBuckets(
    scrape('a.B/Get', [
      ['0.00005', 10],
      ['0.001', 10],
      ['+Inf', 10],
    ]),
  );
  const after = refusedBuckets(
    [
      scrape('a.B/Get', [
        ['0.00005', 60],
        ['0.001', 100],
        ['+Inf', 100],
      ]),
      scrape('a.B/Set', [
        ['0.00005', 5],
        ['0.001', 10],
        ['+Inf', 10],
      ]),
    ].join('\n'),
  );
  assert.deepEqual(shedWork(before, after), { refusals: 100, p50Ms: 0.05, p99Ms: 1 });
});

test('without refusals there is no work', () => {
  const nothing = refusedBuckets(scrape('a.B/Get', []));
  assert.deepEqual(shedWork(nothing, nothing), { refusals: 0, p50Ms: 0, p99Ms: 0 });
});
