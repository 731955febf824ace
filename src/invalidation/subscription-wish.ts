import type { SubscriptionFilter } from './subscription-filter.ts';

/** What a subscriber asked for. */
export interface SubscriptionWish {
  readonly filter: SubscriptionFilter;
  readonly progressIntervalMs: number;
  /** Changes made by this origin are left out; empty for none. */
  readonly withoutOrigin: string;
}
