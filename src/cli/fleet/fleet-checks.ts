import type { Check } from '../../admin/check.ts';
import { checkAudit } from '../../admin/check-audit.ts';
import { checkClock } from '../../admin/check-clock.ts';
import { checkRedisServers } from '../../admin/check-redis-servers.ts';
import { checkStore } from '../../admin/check-store.ts';
import { checkTailLag } from '../../admin/check-tail-lag.ts';
import type { FleetConfig } from '../../config/config.ts';
import type { LinkOptions } from '../../store/redis/link-options.ts';
import { checkRedis, type StartupNeeds } from '../../store/redis/startup-checks.ts';
import { proofAgeMsMax } from '../../store/tiered/proven.ts';
import type { TieredStore } from '../../store/tiered/tiered-store.ts';

/** What the checks of a fleet's node look at. */
export interface FleetChecked {
  readonly store: TieredStore;
  readonly options: LinkOptions;
  readonly needs: StartupNeeds;
}

/** Returns what Doctor looks at on a node of a fleet, beside what every server has. */
export function fleetChecks(
  { maxLagMs, heartbeatMs }: Pick<FleetConfig, 'maxLagMs' | 'heartbeatMs'>,
  { store, options, needs }: FleetChecked,
): readonly Check[] {
  const partitionStates = () => store.partitionStates();
  const state = () => store.availability.state;
  return [
    checkStore({ partitionStates, state, proofAgeMsMax: proofAgeMsMax(maxLagMs, heartbeatMs) }),
    checkRedisServers(() => checkRedis(options, needs)),
    checkAudit(() => store.audit),
    checkTailLag({ partitionStates, maxLagMs }),
    checkClock(partitionStates),
  ];
}
