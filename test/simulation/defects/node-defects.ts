import { mayFill } from '../../../src/cache/rules/fill-fence.ts';
import { logStep } from '../../../src/cache/rules/log-step.ts';
import { provesTail } from '../../../src/cache/rules/permit.ts';
import { RecentChanges } from '../../../src/cache/rules/recent-changes.ts';
import { reissueStep } from '../../../src/cache/rules/reissue.ts';
import type { Defect } from './defect.ts';

/** Forgets without raising its floor. */
class FloorlessChanges extends RecentChanges {
  override newestOf(key: string): number {
    const newest = super.newestOf(key);
    return newest > this.floor ? newest : 0;
  }
}

/** What a node decides. */
export const nodeDefects: readonly Defect[] = [
  {
    what: 'anything that was read enters L1',
    rules: { mayFill: () => true },
    breaks: ['BoundedStaleness', 'AtLeastAsFresh', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a read from another epoch enters L1',
    rules: {
      mayFill: (view, fill) => mayFill(view, { ...fill, head: { ...fill.head, epoch: view.epoch } }),
    },
    breaks: ['BoundedStaleness', 'AtLeastAsFresh', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 300,
  },
  {
    what: 'forgotten changes raise no floor',
    rules: { newRecentChanges: (keysMax) => new FloorlessChanges(keysMax) },
    breaks: ['BoundedStaleness', 'AtLeastAsFresh', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a change of a key does not drop it from L1',
    rules: { overtakes: () => false },
    breaks: ['BoundedStaleness', 'AtLeastAsFresh', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'L1 serves without a permit',
    rules: { permitHolds: () => true },
    breaks: ['BoundedStaleness', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a deposed primary proves the tail',
    rules: { provesTail: (view, beat) => provesTail(view, { ...beat, inForce: true }) },
    breaks: ['BoundedStaleness', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a tail that is behind is proven',
    rules: { provesTail: (view, beat) => provesTail({ ...view, applied: beat.head }, beat) },
    breaks: ['BoundedStaleness', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 600,
  },
  {
    what: 'reads go through to a primary that was deposed',
    rules: { mayReadThrough: () => true },
    breaks: ['BoundedStaleness', 'NoResurrection', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a hole in the log is overlooked',
    rules: { logStep: (applied, page) => (logStep(applied, page) === 'nothing' ? 'nothing' : 'apply') },
    breaks: ['BoundedStaleness', 'NoResurrection', 'AtLeastAsFresh', 'NoSilentGap'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a fork drops nothing',
    rules: { survivesFork: () => true },
    breaks: ['BoundedStaleness', 'NoResurrection', 'AtLeastAsFresh', 'NoSilentGap', 'Resumable'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a fork takes no position back',
    rules: { clampToFork: (number) => number },
    breaks: ['BoundedStaleness', 'NoResurrection', 'AtLeastAsFresh', 'NoSilentGap', 'Resumable'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a node does not make again what a failover lost',
    rules: {
      reissueStep: (kept, history, memoryMs) => (reissueStep(kept, history, memoryMs) === 'forget' ? 'forget' : 'keep'),
    },
    breaks: ['AcceptedIsKept'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a node forgets its acknowledgements at once',
    rules: { reissueStep: (kept, history) => reissueStep(kept, history, 0) },
    breaks: ['AcceptedIsKept'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'tokens are not looked at',
    rules: { tokenFault: () => undefined },
    breaks: ['AtLeastAsFresh', 'NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a reader joins a read of any age',
    rules: { mayJoin: () => true },
    breaks: ['AtLeastAsFresh', 'NoResurrection', 'BoundedStaleness'],
    shape: 'spread 1',
    seedsMax: 120,
  },
];
