const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Returns a signal that aborts when the process is asked to end. A second time it ends at once, as without this. */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  const onSignal = (): void => {
    for (const name of SIGNALS) process.off(name, onSignal);
    interrupted.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return interrupted.signal;
}
