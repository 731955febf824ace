import type { Selector } from '../../../src/cache/rules/selector.ts';
import type { EventCause, InvalidationMode, ResetReason } from '../../../src/gen/reprise/v1/invalidation_service.ts';

/** Name of a cause. */
export type CauseName = keyof typeof EventCause;

/** Name of a mode. */
export type ModeName = keyof typeof InvalidationMode;

/** What a change is about, and what it did, as a subscriber is told. */
export interface Told {
  readonly target: Selector;
  readonly cause: CauseName;
  readonly mode: ModeName;
  /** Names the change. */
  readonly revision: string;
}

/** One change as the store's log had it: the truth. */
export interface LoggedChange extends Told {
  /**
   * Place in the order of all changes of the run, from 1. It runs on over epochs and namespaces, because the store has
   * one partition: of two changes the one with the lower order came first.
   */
  readonly order: number;
  readonly namespaceId: string;
  /** Tags that the key's entry carried before or after the change. */
  readonly tags: readonly string[];
  /** Tags of an entry that was hidden by a wide invalidation, and may have been there all the same. */
  readonly tagsMaybe: readonly string[];
  /** What the caller's process called itself. */
  readonly origin: string | undefined;
  /** Trace context of the call that made it. */
  readonly traceparent: string;
}

/** What an opened token says: all changes of its namespace up to this order. */
export interface Mark {
  readonly namespaceId: string;
  readonly epoch: string;
  /** As `LoggedChange.order`; 0 is before the first. */
  readonly at: number;
}

/** One event as it was received. */
export interface ReceivedEvent extends Told {
  /** Order of the change that the revision names. `undefined` if there is none. */
  readonly order: number | undefined;
  readonly actor: string;
  readonly traceparent: string;
}

/** One message of a stream. */
export type Received = {
  /** What its token says. `undefined` if no token of this deployment was there. */
  readonly mark: Mark | undefined;
  /** Changes that the store had logged when the message arrived. */
  readonly heardAt: number;
  /** Monotonic milliseconds. */
  readonly heardMs: number;
} & (
  | { readonly kind: 'ready'; readonly progressIntervalMs: number }
  | { readonly kind: 'events'; readonly events: readonly ReceivedEvent[] }
  | { readonly kind: 'progress' }
  | { readonly kind: 'reset'; readonly reason: keyof typeof ResetReason }
  | { readonly kind: 'going-away'; readonly retryAfterMs: number }
);

/** What a subscriber asked for. */
export interface Filter {
  readonly prefixes: readonly string[];
  readonly tags: readonly string[];
  readonly keys: readonly string[];
  readonly causes: readonly CauseName[];
  readonly origin: string | undefined;
  readonly includeOwn: boolean;
}

/** Where a subscriber asked to go on. */
export type Resume =
  | { readonly kind: 'none' }
  /** After a token of this deployment, which may be of another namespace or of a history that has ended. */
  | { readonly kind: 'after'; readonly mark: Mark }
  /** After something that is no token of a change that happened. */
  | { readonly kind: 'unusable' };

/** A time in which the caller did not read. */
export interface Stall {
  /** Messages received before. */
  readonly afterMessages: number;
  /** Changes logged when it began, and when it ended. */
  readonly from: number;
  readonly to: number;
}

/** What was done to a session or to its server. */
export type FaultName = 'cancel' | 'cut' | 'restart' | 'stall';

/** One stream from its opening to its end. */
export interface Session {
  /** Who reads: sessions of one subscriber follow each other. */
  readonly subscriber: string;
  readonly namespaceId: string;
  readonly filter: Filter;
  readonly resume: Resume;
  readonly progressIntervalMs: number;
  /** Changes logged when the request was sent. */
  readonly openedAt: number;
  readonly received: readonly Received[];
  readonly stalls: readonly Stall[];
  /** What was done to it, in this order. */
  readonly faults: readonly FaultName[];
  /** Status with which it ended; `undefined` if it was open to the end of the run. */
  readonly endCode: number | undefined;
  readonly endReason: string;
}

/** One call that changes something. */
export interface Mutation {
  readonly namespaceId: string;
  /** What it is about, one target a change that it makes. */
  readonly targets: readonly Selector[];
  readonly cause: CauseName;
  readonly mode: ModeName;
  /** Tags that the entry has afterwards. `undefined` if the call leaves them as they are. */
  readonly tags: readonly string[] | undefined;
  readonly origin: string | undefined;
  /** Unique to the call: the log keeps it with the change. */
  readonly traceparent: string;
  /** Changes logged when it was answered; `undefined` if it never was, and may have been made or not. */
  readonly answeredAt: number | undefined;
  /** What the answer's token says. `undefined` if the call was not answered or changed nothing. */
  readonly mark: Mark | undefined;
}

/** What happened in one run. Plain data. */
export interface History {
  /** In order: the one with order n has index n - 1. */
  readonly changes: readonly LoggedChange[];
  readonly mutations: readonly Mutation[];
  readonly sessions: readonly Session[];
  /** Changes that the store keeps for whoever comes back. */
  readonly retainedChanges: number;
  /** Streams that the server still holds after all have ended. */
  readonly streamsLeft: number;
  /** Restarts of the server. */
  readonly restarts: number;
}
