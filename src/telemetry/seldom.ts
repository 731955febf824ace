import type { Clock } from '../base/clock.ts';

/**
 * Returns a function that passes its argument on at most once in `intervalMs`, and tells how many calls before were not
 * passed on. For failures that come in crowds.
 */
export function seldom<Told>(
  clock: Clock,
  intervalMs: number,
  tell: (told: Told, suppressed: number) => void,
): (told: Told) => void {
  let suppressed = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (told) => {
    const nowMs = clock.monotonicMs();
    if (nowMs - toldAtMs < intervalMs) {
      suppressed++;
      return;
    }
    toldAtMs = nowMs;
    tell(told, suppressed);
    suppressed = 0;
  };
}
