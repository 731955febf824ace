import type { Placed } from '../../../../src/cache/rules/token.ts';
import type { ResetReason } from '../../../../src/gen/reprise/v1/invalidation_service.ts';
import type { Filter, Told } from '../../history/history.ts';

/** One event as it was received. */
export interface FleetEvent extends Told {
  readonly traceparent: string;
}

/** One message of a stream. */
export type FleetMessage = {
  /** What its token says. Empty if no token of this deployment was there. */
  readonly token: readonly Placed[];
  readonly heardMs: number;
} & (
  | { readonly kind: 'ready' | 'progress' | 'going-away' }
  | { readonly kind: 'events'; readonly events: readonly FleetEvent[] }
  | { readonly kind: 'reset'; readonly reason: keyof typeof ResetReason }
);

/** One stream from its opening to its end. */
export interface FleetSession {
  readonly subscriber: string;
  readonly node: number;
  readonly filter: Filter;
  /** What it was asked to go on after; empty for nothing. */
  readonly resume: readonly Placed[];
  readonly openedMs: number;
  readonly received: readonly FleetMessage[];
  /** Status with which it ended; `undefined` if it was open to the end of the run. */
  readonly endCode: number | undefined;
  readonly endReason: string;
}
