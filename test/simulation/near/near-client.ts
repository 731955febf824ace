import type { NearChange, NearEntry } from '../../../clients/typescript/src/near/near-rule.ts';
import type { Proof } from '../../../clients/typescript/src/near/proof.ts';
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
  /** Up to when everything that was acknowledged has been told. */
  readonly proof: Proof;
  stalledUntilMs = 0;

  constructor(index: number, proof: Proof) {
    this.name = `near ${index}`;
    this.proof = proof;
  }
}
