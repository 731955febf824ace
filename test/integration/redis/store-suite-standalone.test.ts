// Goal: a fleet node over one Redis keeps every promise of the port. Method: the published suite, with L1 and without it,
// on a real server whose time the tests stop.
import { after, before } from 'node:test';
import { storeSuite } from '../../suite/store-suite.ts';
import { openRig } from '../../support/redis/open-rig.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { tieredHarness } from '../../support/tiered-harness.ts';

let rig: RedisRig;
before(async () => {
  rig = await openRig('standalone');
});
after(() => rig.stop());

storeSuite('one Redis', () => tieredHarness(rig));
storeSuite('one Redis, L1 off', () => tieredHarness(rig, { maxLagMs: 0 }));
