import { setTimeout as pause } from 'node:timers/promises';

/** How long to wait, and how the failure is told. */
export interface UntilBound {
  /** Milliseconds of real time. Default: 30 000. */
  readonly withinMs?: number;
  /** Milliseconds between two looks. Default: 2. */
  readonly everyMs?: number;
  /** What was awaited, for the failure. */
  readonly what?: string;
}

/** Waits until a condition holds. For things that no promise tells: fails when the bound has passed. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs = 30_000, everyMs = 2, what = 'the condition' }: UntilBound = {},
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`${what} did not come within ${withinMs} ms`);
    await pause(everyMs);
  }
}

/** Waits for a promise; fails when the bound has passed. */
export async function within<T>(
  promise: Promise<T>,
  { withinMs = 30_000, what = 'the answer' }: UntilBound = {},
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`${what} did not come within ${withinMs} ms`)), withinMs);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
