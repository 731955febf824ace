/** A change that must be applied at most once, as one of its tries arrives. */
export interface OnceTry {
  /** Store time at which the change was applied before, as far as that is remembered. */
  readonly appliedAtMs: number | undefined;
  /** Store time after which this try must not be applied any more. */
  readonly notAfterMs: number;
}

/** Apply it, answer as the first time, or refuse: the caller is told that the outcome is unknown. */
export type OnceStep = 'apply' | 'repeat' | 'refuse';

/**
 * OnceOnly: returns what the store does with a try. A try that was held up for so long that an earlier one may have been
 * forgotten is refused, or it would be applied a second time.
 *
 * Whoever remembers must do so for longer than a caller repeats a change and a try may be held up, together.
 */
export function onceStep({ appliedAtMs, notAfterMs }: OnceTry, nowMs: number): OnceStep {
  if (appliedAtMs !== undefined) return 'repeat';
  return nowMs <= notAfterMs ? 'apply' : 'refuse';
}
