// Goal: nodes work over Sentinel and over a cluster as over one server, with an ACL, and go on after a failover. Method:
// server processes over real servers of each shape, calls to one node after calls to another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atLeast, cacheCalls, textOf } from '../support/cache-calls.ts';
import { openRig } from '../support/redis/open-rig.ts';
import { STEADY_MS } from '../support/redis/rig.ts';
import { startServerProcess } from '../support/server-process.ts';
import { subscribed } from '../support/subscriber.ts';
import { until } from '../support/until.ts';

for (const shape of ['sentinel', 'cluster'] as const) {
  test(`two nodes over ${shape} are one cache, before a failover and after`, async () => {
    await using redis = await openRig(shape, { acl: true, downAfterMs: STEADY_MS });
    await using a = await startServerProcess({ patient: true, flags: ['--redis', redis.url] });
    await using b = await startServerProcess({ patient: true, flags: ['--redis', redis.url] });
    const keys = Array.from({ length: 50 }, (_, index) => `k:${index}`);
    using stream = await subscribed(b);
    const written = async (value: string): Promise<void> => {
      const tokens = await Promise.all(keys.map(async (key) => (await cacheCalls(a).stored(key, value)).token));
      for (const [index, key] of keys.entries()) {
        const found = await cacheCalls(b).hit(key, { consistency: atLeast(tokens[index]!) });
        assert.equal(textOf(found), value);
      }
    };
    // Refused may be what a busy machine kept a node from proving, and what is written in the first moments after a failover to
    // the old primary, which does not know yet: a token of that is refused.
    const goesOn = (value: string): Promise<boolean> =>
      written(value).then(
        () => true,
        () => false,
      );
    await until(() => goesOn('before'), { what: 'tokens of writes before the failover' });
    await stream.heard(keys.length);
    await redis.failOver('planned', redis.prefix);
    await until(() => goesOn('after'), { what: 'tokens of writes after the failover' });
    assert.equal(a.logged('bugCaught').length + b.logged('bugCaught').length, 0);
  });
}
