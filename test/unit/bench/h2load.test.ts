// Goal: reports of load generators are read right. Method: reports as the programs wrote them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRedisBenchmark } from '../../../bench/contestants/redis.ts';
import { grpcFrame, h2loadCommand, parseH2Load } from '../../../bench/support/h2load.ts';

const report = `starting benchmark...
spawning thread #0: 4 total client(s). Timing-based test with 0s of warm-up time and 5s of main duration for measurements.
Application protocol: h2c

finished in 5.00s, 8883.20 req/s, 2.03MB/s
requests: 44416 total, 44544 started, 44416 done, 44416 succeeded, 0 failed, 0 errored, 0 timeout
status codes: 44448 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 10.13MB (10624640) total, 229.15KB (234647) headers (space savings 96.27%), 8.69MB (9111840) data
                     min         max         mean         sd        +/- sd
time for request:     1.70ms    161.94ms     13.90ms     13.48ms    89.27%
`;

test('calls, rate and size of an answer are read; answers still under way count for the size only', () => {
  const expected = { callsPerSecond: 8883.2, calls: 44416, failures: 0, answerBytes: 205 };
  assert.deepEqual(parseH2Load(report), expected);
});

test('failures of every kind are added up', () => {
  const failing = report.replace('0 failed, 0 errored, 0 timeout', '1 failed, 2 errored, 4 timeout');
  assert.equal(parseH2Load(failing.replace('0 4xx, 0 5xx', '8 4xx, 16 5xx')).failures, 31);
});

test('an answer without data shows in the mean size', () => {
  assert.equal(parseH2Load(report.replace('(9111840) data', '(0) data')).answerBytes, 0);
});

test('something else than a report is refused with what it says', () => {
  assert.throws(() => parseH2Load('could not connect'), /could not connect/);
});

test('the command asks for gRPC over one thread', () => {
  const load = { url: 'http://127.0.0.1:1/s/M', bodyPath: '/body', connections: 4, streams: 32, seconds: 5 };
  const text = h2loadCommand(load).join(' ');
  assert.match(text, /^h2load -c 4 -m 32 -D 5 -t 1 .*te: trailers -d \/body http:\/\/127\.0\.0\.1:1\/s\/M$/);
});

test('a gRPC frame tells its length', () => {
  assert.equal(grpcFrame(Buffer.from('abc')).toString('hex'), '0000000003616263');
});

test("redis-benchmark's rate is read from the line below the titles", () => {
  const csv = '"test","rps","avg_latency_ms"\n"GET bench:key","1606207.50","0.05"\n';
  assert.equal(parseRedisBenchmark(csv), 1606207.5);
  assert.throws(() => parseRedisBenchmark('Could not connect'));
});
