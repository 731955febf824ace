import type { AuditCounts } from '../store/tiered/audit-counts.ts';
import { type AuditAfter, auditAfters } from '../store/tiered/audit-scales.ts';
import type { Check, Finding } from './check.ts';
import { countText } from './figures.ts';
import { ninesText, type Tally } from './nines.ts';

const WORDS: Readonly<Record<AuditAfter, string>> = {
  '10ms': '10 ms after a change',
  '100ms': '100 ms after',
  '1s': '1 s after',
  max_lag: '--max-lag after',
  '10s': '10 s after',
  walk: 'at everything in memory in turn',
};

/** Tells whether answers from memory were right, with how many nines, and what was mended. */
export function checkAudit(counts: () => AuditCounts | undefined): Check {
  return {
    name: 'coherence-audit',
    look: () => {
      const counted = counts();
      if (counted === undefined) return [OFF];
      const { stale, foreign } = counted.repairs;
      return [
        ...(stale > 0 ? [violated(stale, counted)] : []),
        ...(foreign > 0 ? [foreignChanges(foreign)] : []),
        nines(counted),
      ];
    },
  };
}

const OFF: Finding = {
  severity: 'info',
  what: 'nobody looks whether answers from memory are right: the auditor is off',
  whatToDo: 'Give --audit-per-second 10.',
};

function violated(stale: number, counts: AuditCounts): Finding {
  const compared = auditAfters.reduce((sum, after) => sum + tallyOf(counts, after).compared, 0);
  return {
    severity: 'error',
    what: `${countText(stale)} entries in memory were older than a node may serve, of ${countText(compared)} looks since the start; each was dropped`,
    whatToDo:
      'A promise was not kept: report it with the log events auditFoundStale. --max-lag 0 reads everything from Redis meanwhile.',
  };
}

function foreignChanges(foreign: number): Finding {
  return {
    severity: 'warning',
    what: `${countText(foreign)} entries in memory were no longer in Redis as they had been written, and no change says so; each was dropped`,
    whatToDo:
      'Redis evicts (give it more maxmemory), or somebody else writes under the prefix: shut them out by an ACL, docs/fleet.md.',
  };
}

function nines(counts: AuditCounts): Finding {
  const texts = auditAfters.map((after) => `${WORDS[after]} ${ninesText(tallyOf(counts, after))}`);
  return {
    severity: 'info',
    what: `answers from memory, compared with Redis since the start: ${texts.join('; ')}`,
    whatToDo: 'Nothing. Below --max-lag an answer may be stale; from there on none may.',
  };
}

function tallyOf({ checks }: AuditCounts, after: AuditAfter): Tally {
  const { agreed, stale } = checks[after];
  return { stale, compared: agreed + stale };
}
