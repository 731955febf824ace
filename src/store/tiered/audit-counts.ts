import { type AuditAfter, auditAfters } from './audit-scales.ts';

/**
 * What a look at a key found. `agreed`: L1 would serve nothing older than the store had; `stale`: it would;
 * `read_through`: it would serve nothing, the store answers.
 */
export type AuditResult = 'agreed' | 'stale' | 'read_through';

/**
 * Why an entry was dropped from L1. `stale`: a promise was not kept. `foreign`: the store holds something else, and no
 * change says so: it evicted the entry, or somebody wrote there by hand.
 */
export type RepairCause = 'stale' | 'foreign';

/** What the auditor counted. Only the auditor raises it. */
export interface AuditCounts {
  readonly checks: Readonly<Record<AuditAfter, Record<AuditResult, number>>>;
  readonly repairs: Record<RepairCause, number>;
  /** Times the walk has come round: every entry of L1 was looked at. */
  rounds: number;
}

/** Returns counts that stand at zero. */
export function createAuditCounts(): AuditCounts {
  const zero = (): Record<AuditResult, number> => ({ agreed: 0, stale: 0, read_through: 0 });
  const checks = Object.fromEntries(auditAfters.map((after) => [after, zero()]));
  return {
    checks: checks as Record<AuditAfter, Record<AuditResult, number>>,
    repairs: { stale: 0, foreign: 0 },
    rounds: 0,
  };
}
