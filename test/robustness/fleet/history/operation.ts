import type { InvalidationMode, Selector } from '../../../../src/cache/rules/selector.ts';
import type { Placed } from '../../../../src/cache/rules/token.ts';

/** How a call that changes something ended, as its caller knows it. */
export type Outcome =
  /** It was acknowledged. */
  | { readonly kind: 'applied'; readonly revision: string; readonly token: readonly Placed[] }
  /** A condition did not hold: nothing was changed. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The service said that nothing was done. */
  | { readonly kind: 'failed'; readonly why: string }
  /** Done or not: the caller was told so, or lost the answer. */
  | { readonly kind: 'unknown'; readonly why: string };

/** How a value came to be: as it is, or computed after a miss. */
export type Origin = 'plain' | 'fence' | 'lease';

interface Called {
  /** Unique: the trace context of the call, which the log keeps with its changes. */
  readonly id: string;
  /** Index of the node that answered; of the last that was asked if none did. */
  readonly node: number;
  /** Which life of that node, from 1. */
  readonly life: number;
  /** Monotonic milliseconds of the harness: before the first try was sent. */
  readonly invokedMs: number;
  /** After the answer, or the end of the last try. */
  readonly endedMs: number;
  readonly tries: number;
  readonly outcome: Outcome;
}

/** A Set. Its text is its own: no other call writes it. */
export interface SetOperation extends Called {
  readonly kind: 'set';
  readonly key: string;
  readonly text: string;
  readonly tags: readonly string[];
  readonly ttlMs: number;
  readonly staleWindowMs: number;
  readonly origin: Origin;
  /** When the caller began to compute the value: for a plain Set when it was sent. */
  readonly begunMs: number;
  /** Of the lease or the fence it was stored with; empty without. */
  readonly under: string;
}

/** A Delete or a Touch. */
export interface KeyOperation extends Called {
  readonly kind: 'delete' | 'touch';
  readonly key: string;
}

/** An Increment. */
export interface IncrementOperation extends Called {
  readonly kind: 'increment';
  readonly key: string;
  readonly delta: number;
  /** Of the answer; `undefined` without one. */
  readonly sum: number | undefined;
}

/** An Invalidate. */
export interface InvalidateOperation extends Called {
  readonly kind: 'invalidate';
  readonly selectors: readonly Selector[];
  readonly mode: InvalidationMode;
}

/** A call that changes something. */
export type Operation = SetOperation | KeyOperation | IncrementOperation | InvalidateOperation;

/** What a read was answered. */
export type ReadOutcome =
  | { readonly kind: 'hit'; readonly text: string; readonly revision: string; readonly stale: boolean }
  | { readonly kind: 'miss'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** A Get, or one key of a BatchGet. */
export interface Reading {
  readonly key: string;
  readonly node: number;
  /** `at-least` has at least one token. */
  readonly consistency: 'any' | 'latest' | 'at-least';
  readonly tokens: readonly (readonly Placed[])[];
  readonly allowStale: boolean;
  readonly sentMs: number;
  readonly answeredMs: number;
  readonly outcome: ReadOutcome;
}

/** A lease that a caller was given. */
export interface Grant {
  readonly key: string;
  readonly leaseId: string;
  readonly node: number;
  readonly holdMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
  /** When it was given back; `undefined` if it never was. */
  readonly releasedMs: number | undefined;
}
