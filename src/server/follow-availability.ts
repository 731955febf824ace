import type { Health } from '../api/health.ts';
import type { Clock } from '../base/clock.ts';
import type { StoreAvailability, StoreState } from '../store/store-availability.ts';
import type { Log } from '../telemetry/log.ts';

/** Who is told. */
export interface AvailabilityTellers {
  readonly health: Pick<Health, 'setStore'>;
  readonly log: Log;
  readonly clock: Clock;
}

/** Whether a store can be used that is in this process: nothing of it can be away. */
export const alwaysAvailable: StoreAvailability = {
  state: { reads: true, writes: true },
  counts: { breakers: { closed: 0, open: 0, halfOpen: 0 }, opened: 0, refused: 0 },
  watch: () => () => undefined,
};

/** Tells health and the log what becomes of a store, from now on and until it is stopped. Returns how to stop. */
export function followAvailability(
  availability: StoreAvailability,
  { health, log, clock }: AvailabilityTellers,
): () => void {
  let awaySinceMs: number | undefined;
  const tell = (state: StoreState): void => {
    health.setStore(state);
    const nowMs = clock.monotonicMs();
    if (state.reads && state.writes) {
      if (awaySinceMs !== undefined) log.write('storeAvailable', { downMs: Math.round(nowMs - awaySinceMs) });
      awaySinceMs = undefined;
    } else if (awaySinceMs === undefined) {
      awaySinceMs = nowMs;
      log.write('storeUnavailable', { reads: state.reads, writes: state.writes });
    }
  };
  tell(availability.state);
  return availability.watch(tell);
}

/** Returns what a store lacks, in words for people; `undefined` if nothing. */
export function degradedBecause({ reads, writes }: StoreState): string | undefined {
  if (!writes) return 'the store does not answer';
  return reads ? undefined : 'nobody says which server of the store is in force';
}
