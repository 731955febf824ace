import { drops, mayKeep } from '../../clients/typescript/src/near/near-rule.ts';
import { Proof } from '../../clients/typescript/src/near/proof.ts';
import { coversMoment } from '../../src/cache/rules/covers-moment.ts';
import { epochStep } from '../../src/cache/rules/epoch-step.ts';
import { fenceStands } from '../../src/cache/rules/fence.ts';
import { mayFill, overtakes } from '../../src/cache/rules/fill-fence.ts';
import { clampToFork, survivesFork } from '../../src/cache/rules/fork.ts';
import { leaseIdOf, leaseStands, mayGrant } from '../../src/cache/rules/lease.ts';
import { lifeStage } from '../../src/cache/rules/lifetime.ts';
import { newLineage } from '../../src/cache/rules/lineage.ts';
import { logStep } from '../../src/cache/rules/log-step.ts';
import { onceStep } from '../../src/cache/rules/once.ts';
import { mayReadThrough, permitHolds, provesTail } from '../../src/cache/rules/permit.ts';
import { plainStamp } from '../../src/cache/rules/plain-stamp.ts';
import { RecentChanges } from '../../src/cache/rules/recent-changes.ts';
import { reissueStep } from '../../src/cache/rules/reissue.ts';
import { resumeStep } from '../../src/cache/rules/resume.ts';
import { mayJoin } from '../../src/cache/rules/single-flight.ts';
import { settledBeforeMs, sweepCounts, sweepVerdict } from '../../src/cache/rules/sweep-pass.ts';
import { tokenFault } from '../../src/cache/rules/token.ts';
import { canJudge, hasNewest, isAboveAll, judge, judgeAgainst } from '../../src/cache/rules/visibility.ts';
import { WatermarkTable } from '../../src/cache/rules/watermark-table.ts';
import { habits } from './habits.ts';
import { mayKeepOwn } from './near/keep-own.ts';

/**
 * Every decision of the simulated fleet: the rules of `src/cache/rules` and of the client's near cache as they are. A planted defect puts a broken
 * function in the place of one of them.
 */
export const shippedRules = {
  ...habits,
  canJudge,
  clampToFork,
  coversMoment,
  drops,
  epochStep,
  fenceStands,
  hasNewest,
  isAboveAll,
  judge,
  judgeAgainst,
  leaseIdOf,
  leaseStands,
  lifeStage,
  logStep,
  mayFill,
  mayGrant,
  mayJoin,
  mayKeep,
  mayKeepOwn,
  mayReadThrough,
  newLineage,
  newProof: (maxLagMs: number): Proof => new Proof(maxLagMs),
  newRecentChanges: (keysMax: number): RecentChanges => new RecentChanges(keysMax),
  newWatermarkTable: (rowsMax: number): WatermarkTable => new WatermarkTable(rowsMax),
  onceStep,
  overtakes,
  permitHolds,
  plainStamp,
  provesTail,
  reissueStep,
  resumeStep,
  settledBeforeMs,
  survivesFork,
  sweepCounts,
  sweepVerdict,
  tokenFault,
};

/** The rules that one run uses. */
export type Rules = typeof shippedRules;
