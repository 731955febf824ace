import type { Clock } from '../../base/clock.ts';
import type { WithholdingMemory } from '../withholding-memory.ts';
import type { Namespaces } from './namespaces.ts';

/** Returns the L1 of a node's namespaces as memory that withholds what deferred invalidations cover. */
export function withholdingMemory(namespaces: Namespaces, clock: Clock): WithholdingMemory {
  return {
    withhold(namespaceId, selectors) {
      const home = namespaces.find(namespaceId);
      if (home === undefined) return;
      const nowMs = home.control.nowMs(clock.monotonicMs());
      for (const selector of selectors) home.tier.withhold(selector, nowMs);
    },
    release() {
      const monotonicMs = clock.monotonicMs();
      for (const { control, tier } of namespaces.all()) tier.releaseWithheld(control.nowMs(monotonicMs));
    },
  };
}
