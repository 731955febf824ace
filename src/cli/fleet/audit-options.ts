import { systemClock } from '../../base/clock.ts';
import type { TieredStoreParts } from '../../store/tiered/tiered-store.ts';
import type { Log } from '../../telemetry/log.ts';
import { seldom } from '../../telemetry/seldom.ts';

const STALE_LOG_INTERVAL_MS = 1000;
const FOREIGN_LOG_INTERVAL_MS = 60_000;

/** Returns how a node audits what it has in memory, and logs what it mends. */
export function auditOptions(perSecond: number, log: Log): Pick<TieredStoreParts, 'audit'> {
  if (perSecond === 0) return {};
  const onStale = seldom<string>(systemClock, STALE_LOG_INTERVAL_MS, (after, suppressed) =>
    log.write('auditFoundStale', { after, suppressed }),
  );
  const onForeign = seldom<void>(systemClock, FOREIGN_LOG_INTERVAL_MS, (_, suppressed) =>
    log.write('auditFoundForeign', { suppressed }),
  );
  return { audit: { perSecond, onRepair: ({ cause, after }) => (cause === 'stale' ? onStale(after) : onForeign()) } };
}
