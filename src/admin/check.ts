import type { MaybePromise } from '../base/maybe-promise.ts';

/** How grave a finding is, the gravest first. */
export const severities = ['error', 'warning', 'info'] as const;

/**
 * How grave a finding is. `error`: a promise is not kept, or callers are refused. `warning`: something will go wrong if
 * more happens. `info`: worth knowing.
 */
export type Severity = (typeof severities)[number];

/** Something that needs somebody's attention. Texts name no hosts, keys or values. */
export interface Finding {
  readonly severity: Severity;
  /** What is the case, with its figures. */
  readonly what: string;
  /** What to do about it. */
  readonly whatToDo: string;
}

/**
 * One thing that Doctor looks at. Whatever part of the server has something to tell of its state brings a check of its
 * own: the parts that open a store in `ServerParts.checks`, all others in `src/server/server-checks.ts`.
 */
export interface Check {
  /** What operators call it, such as `tail-lag`: small letters and dashes. Documented in docs/operations.md. */
  readonly name: string;
  /** Looks now. Returns what needs attention; nothing if all is well. */
  look(): MaybePromise<readonly Finding[]>;
}
