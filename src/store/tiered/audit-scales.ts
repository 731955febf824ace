/** How long after a change its key is looked at, as metrics name it; `walk` is the look at everything in turn. */
export const auditAfters = ['10ms', '100ms', '1s', 'max_lag', '10s', 'walk'] as const;

/** Names a time scale of the auditor. */
export type AuditAfter = (typeof auditAfters)[number];

/** A moment after a change at which its key is looked at. */
export interface AuditScale {
  /** Its names: two where `maxLagMs` is one of the fixed ages. */
  readonly afters: readonly AuditAfter[];
  readonly ageMs: number;
}

/** Returns the time scales, the shortest first. */
export function auditScales(maxLagMs: number): readonly AuditScale[] {
  const ages: readonly (readonly [AuditAfter, number])[] = [
    ['10ms', 10],
    ['100ms', 100],
    ['1s', 1000],
    ['max_lag', maxLagMs],
    ['10s', 10_000],
  ];
  const byAge = Map.groupBy(ages, ([, ageMs]) => ageMs);
  return [...byAge]
    .map(([ageMs, named]) => ({ ageMs, afters: named.map(([after]) => after) }))
    .sort((a, b) => a.ageMs - b.ageMs);
}
