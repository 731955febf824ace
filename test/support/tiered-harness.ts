import type { TieredStoreParts } from '../../src/store/tiered/tiered-store.ts';
import type { StoreHarness } from '../suite/store-suite.ts';
import { openStoppedTieredStore } from './open-tiered-store.ts';
import type { RedisRig } from './redis/rig.ts';

/** Returns an empty tiered store under the suite: Redis has no budgets, so those are not tested. */
export async function tieredHarness(rig: RedisRig, tiered: Partial<TieredStoreParts> = {}): Promise<StoreHarness> {
  const { store, advance } = await openStoppedTieredStore(rig, tiered);
  return {
    store,
    features: { capacity: false },
    advance,
    settled: () => store.caughtUp(),
    validate: () => store.validate(),
    close: () => store.close(),
  };
}
