import type { Clock } from '../../base/clock.ts';
import type { ConnectionName, LinkListener } from '../../store/redis/link-state.ts';
import type { Log } from '../../telemetry/log.ts';

/**
 * Returns who logs what becomes of the connections to Redis: each loss once, however many attempts fail after it, and
 * its end. Says nothing before a connection was there for the first time: the start tells why it never was.
 */
export function logConnections(log: Log, clock: Clock): LinkListener {
  const known = new Map<ConnectionName, { lostAtMs: number | undefined }>();
  return (event) => {
    if (event.kind === 'primaries-changed') {
      if (known.size > 0) log.write('storePrimaryChanged', {});
      return;
    }
    const { connection } = event;
    const state = known.get(connection);
    if (event.kind === 'connected') {
      if (state?.lostAtMs !== undefined) {
        const downMs = Math.round(clock.monotonicMs() - state.lostAtMs);
        log.write('storeConnectionRestored', { connection, downMs });
      }
      known.set(connection, { lostAtMs: undefined });
      return;
    }
    if (state === undefined || state.lostAtMs !== undefined) return;
    state.lostAtMs = clock.monotonicMs();
    const { code, what, whatToDo } = event.failure;
    log.write('storeConnectionLost', { connection, code, what, whatToDo });
  };
}
