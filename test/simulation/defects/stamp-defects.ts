import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import { canJudge, judge, judgeAgainst } from '../../../src/cache/rules/visibility.ts';
import { WatermarkTable } from '../../../src/cache/rules/watermark-table.ts';
import type { Defect } from './defect.ts';

/** Forgets what it should fold. */
class ForgetfulTable extends WatermarkTable {
  readonly #rowsMax: number;

  constructor(rowsMax: number) {
    super(Number.POSITIVE_INFINITY);
    this.#rowsMax = rowsMax;
  }

  override raise(...[selector, mode, number, nowMs]: Parameters<WatermarkTable['raise']>): void {
    if (this.size >= this.#rowsMax) this.prune(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    super.raise(selector, mode, number, nowMs);
  }
}

/** Forgets watermarks although a fence from before them is still honoured. */
class HastyTable extends WatermarkTable {
  override prune(_sweptTo: number, _changedBeforeMs: number): void {
    super.prune(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  }
}

/** Takes a stamp of an ancestor for what it was there. */
function unclamped(chain: EpochChain, stamp: Position): Position {
  return canJudge(chain, stamp) ? { ...stamp, epoch: chain.epoch } : stamp;
}

/** What stamps and watermarks decide. */
export const stampDefects: readonly Defect[] = [
  {
    what: 'a stamp is not clamped to the fork',
    rules: {
      judge: (control, stamp, entry) => judge(control, unclamped(control.chain, stamp), entry),
      judgeAgainst: (chain, covering, stamp) => judgeAgainst(chain, covering, unclamped(chain, stamp)),
    },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh', 'NearCoherence'],
    shape: 'spread 3',
    seedsMax: 120,
  },
  {
    what: 'a stamp of an unknown epoch is visible',
    rules: {
      canJudge: () => true,
      judge: (control, stamp, entry) => (canJudge(control.chain, stamp) ? judge(control, stamp, entry) : 'visible'),
      judgeAgainst: (chain, covering, stamp) =>
        canJudge(chain, stamp) ? judgeAgainst(chain, covering, stamp) : 'visible',
    },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh', 'NearCoherence'],
    shape: 'spread 3',
    seedsMax: 120,
  },
  {
    what: 'what lies below a watermark counts as above all of them',
    rules: { isAboveAll: () => true },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a table judges that lacks the newest watermark',
    rules: { hasNewest: () => true },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'marking stale hides',
    rules: { judge: (control, stamp, entry) => (judge(control, stamp, entry) === 'visible' ? 'visible' : 'removed') },
    breaks: ['WriteVisible'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'nobody marks anything stale',
    rules: { judge: (control, stamp, entry) => (judge(control, stamp, entry) === 'removed' ? 'removed' : 'visible') },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a plain Set is stamped with what the node’s tail has applied',
    rules: { plainSetHead: (_head, applied) => applied },
    breaks: ['WriteVisible'],
    shape: 'spread 3',
    tempered: { faultRate: 0.5, invalidationRate: 0.12, rowsMax: 100, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a fill is stamped with what its node knows when it arrives',
    rules: { fillStamp: (_seen, atArrival) => atArrival },
    breaks: ['NoResurrection'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a full table forgets instead of folding',
    rules: { newWatermarkTable: (rowsMax) => new ForgetfulTable(rowsMax) },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'watermarks are forgotten while fences from before them are honoured',
    rules: { newWatermarkTable: (rowsMax) => new HastyTable(rowsMax) },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    seedsMax: 300,
  },
  {
    what: 'a node takes another table without sweeping L1 by the old one',
    rules: { sweepBeforeNewTable: () => false },
    breaks: ['NoResurrection', 'BoundedStaleness', 'AtLeastAsFresh'],
    shape: 'spread 1',
    tempered: { faultRate: 0.5, ttlMsMax: 1500, keyShare: 0, invalidationRate: 0.04, rowsMax: 100 },
    seedsMax: 120,
  },
];
