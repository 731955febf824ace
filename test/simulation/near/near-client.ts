import type { NearChange, NearEntry } from '../../../clients/typescript/src/near/near-rule.ts';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { Effect } from '../truth/effect.ts';
import type { Value } from '../truth/value.ts';
import type { Stream } from './stream.ts';

/** An entry in a caller's own process. */
export interface NearItem extends NearEntry {
  readonly value: Value;
  readonly freshUntilMs: number;
}

/** A read, or a computation, during which the stream goes on telling. */
export interface NearFlight {
  readonly key: string;
  /** Every change told since the token that was the newest when it began; `undefined` if they were too many. */
  told: NearChange[] | undefined;
}

/** An own write whose SET the stream has not told yet. */
export interface OwnWrite {
  readonly flight: NearFlight;
  readonly item: NearItem;
  readonly untilMs: number;
}

/** A head that some node proved. Once the stream has told as much, the near cache is as fresh. */
export interface AwaitedHead {
  readonly head: Moment;
  /** Everything that was acknowledged before this time is at or before the head. */
  readonly provenAtMs: number;
}

/** A caller's process: a subscriber with a near cache, fed by that stream. */
export class NearClient {
  readonly name: string;
  stream: Stream | undefined;
  /** The stream's newest token. */
  token: readonly Position[] | undefined;
  /** What was told last, by partition, as it really happened: for the promises of the stream, not for the cache. */
  last: (Effect | undefined)[] = [];
  readonly items = new Map<string, NearItem>();
  readonly flights = new Set<NearFlight>();
  ownWrites: OwnWrite[] = [];
  awaited: AwaitedHead | undefined;
  /** Everything that was acknowledged before this time has been told. */
  provenAtMs = Number.NEGATIVE_INFINITY;
  stalledUntilMs = 0;

  constructor(index: number) {
    this.name = `near ${index}`;
  }
}
