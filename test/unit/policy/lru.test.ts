// Goal: LRU obeys the laws of policies and always proposes the least recently used. Method: the suite, an array as model.
import { NO_SLOT } from '../../../src/policy/eviction-policy.ts';
import { Lru } from '../../../src/policy/lru.ts';
import { type PolicyModel, policySuite } from '../../suite/policy-suite.ts';

function naiveLru(): PolicyModel {
  let byUse: number[] = [];
  const without = (slot: number): number[] => byUse.filter((other) => other !== slot);
  const use = (slot: number): void => {
    byUse = [...without(slot), slot];
  };
  return {
    onInsert: use,
    onHit: use,
    onRemove: (slot) => {
      byUse = without(slot);
    },
    victim: () => byUse[0] ?? NO_SLOT,
  };
}

policySuite('lru', (slotCount) => new Lru(slotCount), naiveLru);
