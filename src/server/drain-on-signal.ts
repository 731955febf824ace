import type { Log } from '../telemetry/log.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** What ends well if it is given time: a server, or several that are run as one. */
export interface Drainable {
  /** Returns true if all that was begun was finished. */
  drain(): Promise<boolean>;
  /** Ends at once what would outlive this process. */
  kill?(): void;
}

/**
 * Drains a server on the first signal and then exits: 0 if all calls in flight were answered, 1 if some were cut off.
 * A second signal exits at once. Returns what begins the drain without a signal; to call it again does nothing.
 */
export function drainOnSignal(server: Drainable, drainMs: number, log: Log): () => void {
  let draining = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (draining) {
      log.write('exitForced', { signal });
      server.kill?.();
      process.exit(1);
    }
    begin(signal);
  };
  const begin = (signal: string): void => {
    if (draining) return;
    draining = true;
    log.write('drainStarted', { signal, drainMs });
    void drainAndExit(server, log);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return () => begin('none');
}

async function drainAndExit(server: Drainable, log: Log): Promise<void> {
  const startedAtMs = performance.now();
  const clean = await server.drain();
  log.write('drainFinished', { clean, elapsedMs: Math.round(performance.now() - startedAtMs) });
  process.exit(clean ? 0 : 1);
}
