// Goal: a fleet node keeps every promise of the port on a Cluster of six. Method: the published suite on real servers over TLS, as a
// user who may do no more than it must; the tests stop the time.
import { after, before } from 'node:test';
import { storeSuite } from '../../suite/store-suite.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import { type RedisRig, STEADY_MS } from '../../support/redis/rig.ts';
import { tieredHarness } from '../../support/tiered-harness.ts';

let rig: RedisRig;
before(async () => {
  rig = await openRig('cluster', { tls: true, acl: true, downAfterMs: STEADY_MS });
});
after(() => rig.stop());

storeSuite('a Redis Cluster', () => tieredHarness(rig));
