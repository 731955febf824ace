import { fenceStands } from '../../../src/cache/rules/fence.ts';
import { newLineage } from '../../../src/cache/rules/lineage.ts';
import { onceStep } from '../../../src/cache/rules/once.ts';
import type { Defect } from './defect.ts';

/** What the store's scripts decide. */
export const storeDefects: readonly Defect[] = [
  {
    what: 'a promoted replica goes on in the old epoch',
    rules: { newLineage: (meta, id, mint, max) => (meta === undefined ? newLineage(meta, id, mint, max) : undefined) },
    breaks: ['RevisionUnique'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a fence is always honoured',
    rules: { fenceStands: () => true },
    breaks: ['NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a fence from before a fork compares with numbers from after it',
    rules: {
      fenceStands: (fence, facts, ageMsMax) => {
        const head = { ...fence.head, epoch: facts.chain.epoch };
        return fenceStands({ ...fence, head }, facts, ageMsMax);
      },
    },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    tempered: { faultRate: 4, keyShare: 1, replicationRate: 0.03, invalidationRate: 0.12, ttlMsMax: 1500 },
    seedsMax: 300,
  },
  {
    what: 'a forgotten tombstone raises no floor',
    rules: { fenceStands: (fence, facts, ageMsMax) => fenceStands(fence, { ...facts, floor: 0 }, ageMsMax) },
    breaks: ['NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'any lease will do',
    rules: { leaseStands: (lease) => lease !== undefined },
    breaks: ['OneFiller'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a lease is granted to whoever asks',
    rules: { mayGrant: () => true },
    breaks: ['OneFiller'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a repeated try is applied again',
    rules: { onceStep: (_once, _nowMs) => 'apply' },
    breaks: ['OnceOnly'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a try that was held up for long is applied',
    rules: { onceStep: (once, _nowMs) => onceStep(once, Number.NEGATIVE_INFINITY) },
    breaks: ['OnceOnly'],
    shape: 'spread 1',
    seedsMax: 120,
  },
];
