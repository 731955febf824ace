import type { Log } from '../telemetry/log.ts';
import type { RunningServer } from './start-server.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Drains the server on the first signal and then exits: 0 if all calls in flight were answered, 1 if some were cut off.
 * A second signal exits at once.
 */
export function drainOnSignal(server: RunningServer, drainMs: number, log: Log): void {
  let draining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (draining) {
      log.write('exitForced', { signal });
      process.exit(1);
    }
    draining = true;
    log.write('drainStarted', { signal, drainMs });
    void drainAndExit(server, log);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

async function drainAndExit(server: RunningServer, log: Log): Promise<void> {
  const startedAtMs = performance.now();
  const clean = await server.drain();
  log.write('drainFinished', { clean, elapsedMs: Math.round(performance.now() - startedAtMs) });
  process.exit(clean ? 0 : 1);
}
