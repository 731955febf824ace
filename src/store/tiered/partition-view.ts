import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import { clampToFork } from '../../cache/rules/fork.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import type { PrimaryProof } from '../../cache/rules/permit.ts';
import { permitHolds } from '../../cache/rules/permit.ts';
import type { Partition } from '../../cache/rules/position.ts';
import { RecentChanges } from '../../cache/rules/recent-changes.ts';
import { ChangeRing, type RingBounds } from '../change-ring.ts';
import type { Told } from '../partition-store.ts';
import type { Change } from '../store.ts';

/** What a view remembers at most. */
export interface ViewBounds {
  /** Keys whose newest change is remembered for the fill fence. */
  readonly recentKeysMax: number;
  readonly ring?: RingBounds;
}

/** The history of a partition as far as a node follows it. */
interface Followed {
  chain: EpochChain;
  applied: number;
  /** Made when asked for, until the next change. */
  moment: Moment | undefined;
}

/**
 * What a node knows of one partition: how far its tail has come, when that was last proven, which server is the primary
 * in force, and the newest changes.
 */
export class PartitionView {
  readonly partition: Partition;
  /** The newest change of each key, lest a read that had not seen it enters L1. */
  readonly recent: RecentChanges;
  #proof: PrimaryProof | undefined;
  #servedSinceMs: number | undefined;
  readonly #bounds: ViewBounds;
  #followed: Followed | undefined;
  #ring: ChangeRing;
  #provenAtMs: number | undefined;
  #beats = 0;
  #provenBeat = 0;
  #clockAheadMs = 0;
  readonly #waiting = new Set<() => void>();

  constructor(partition: Partition, bounds: ViewBounds) {
    this.partition = partition;
    this.#bounds = bounds;
    this.recent = new RecentChanges(bounds.recentKeysMax);
    this.#ring = new ChangeRing(0, bounds.ring);
  }

  /** Which server a heartbeat last found in force. */
  get proof(): PrimaryProof | undefined {
    return this.#proof;
  }

  set proof(proof: PrimaryProof | undefined) {
    if (proof?.server !== this.#proof?.server) this.#servedSinceMs = proof?.provenAtMs;
    this.#proof = proof;
  }

  /** Monotonic time since when that server is the one in force; `undefined` if none was found yet. */
  get servedSinceMs(): number | undefined {
    return this.#servedSinceMs;
  }

  /** The history that is followed; `undefined` until the first heartbeat is answered. */
  get chain(): EpochChain | undefined {
    return this.#followed?.chain;
  }

  /** Number of the newest change that was applied. */
  get applied(): number {
    return this.#followed?.applied ?? 0;
  }

  /** Monotonic time at which the heartbeat was sent that last proved the tail to be at the head. */
  get provenAtMs(): number | undefined {
    return this.#provenAtMs;
  }

  /** The newest change that was applied, as a moment. Empty before the first heartbeat. */
  get moment(): Moment {
    const followed = this.#followed;
    if (followed === undefined) return [];
    const { chain, applied } = followed;
    followed.moment ??= [{ partition: this.partition, position: { epoch: chain.epoch, number: applied } }];
    return followed.moment;
  }

  /** Heartbeats sent so far. */
  get beats(): number {
    return this.#beats;
  }

  /** The newest heartbeat that proved the tail, counted from 1; 0 if none has since the history began. */
  get provenBeat(): number {
    return this.#provenBeat;
  }

  /** Tells whether the node may serve the partition from L1. */
  permitted(monotonicMs: number, maxLagMs: number): boolean {
    return permitHolds(this.#provenAtMs, monotonicMs, maxLagMs);
  }

  /** Store time, in milliseconds: never earlier than it really is, so that nothing is served beyond its time. */
  nowMs(monotonicMs: number): number {
    return monotonicMs + this.#clockAheadMs;
  }

  /** Learns what time an answer told that was asked for at `sentAtMs`. */
  noteTime({ nowMs }: Told, sentAtMs: number): void {
    this.#clockAheadMs = nowMs - sentAtMs;
  }

  /** Notes the next change. */
  note(change: Change): void {
    const followed = this.#followed;
    if (followed === undefined) throw new Error('no history is followed');
    this.#ring.push(change);
    followed.applied = change.position.number;
    followed.moment = undefined;
    this.#wake();
  }

  /** Counts a heartbeat that is sent now. Returns which it is. */
  countBeat(): number {
    return ++this.#beats;
  }

  /** Notes that a heartbeat sent at `sentAtMs` proved the tail. */
  noteProof(beat: number, sentAtMs: number): void {
    this.#provenBeat = Math.max(this.#provenBeat, beat);
    this.#provenAtMs = Math.max(this.#provenAtMs ?? sentAtMs, sentAtMs);
    this.#wake();
  }

  /** Takes another history, as it stands: nothing before it is known. */
  restart(chain: EpochChain, head: number): void {
    this.recent.restartAt(head);
    this.#follow(chain, head, new ChangeRing(head, this.#bounds.ring));
  }

  /** Goes on in a history that shares its changes up to `fork` with the present one. Returns the last shared one. */
  fork(chain: EpochChain, fork: number): number {
    const applied = clampToFork(this.applied, fork);
    this.recent.clampTo(fork);
    this.#follow(chain, applied, this.#ring.upTo(applied));
    return applied;
  }

  /** Returns up to `changesMax` changes after a number; `undefined` if they are no longer at hand. */
  since(number: number, changesMax: number): readonly Change[] | undefined {
    return this.#ring.since(number, changesMax);
  }

  /** Resolves when something was applied or proven, or the signal is aborted. */
  progress(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        this.#waiting.delete(end);
        signal?.removeEventListener('abort', end);
        resolve();
      };
      this.#waiting.add(end);
      signal?.addEventListener('abort', end);
      if (signal?.aborted) end();
    });
  }

  #follow(chain: EpochChain, applied: number, ring: ChangeRing): void {
    this.#followed = { chain, applied, moment: undefined };
    this.#ring = ring;
    this.#provenAtMs = undefined;
    this.#provenBeat = 0;
    this.#wake();
  }

  #wake(): void {
    for (const end of [...this.#waiting]) end();
  }
}
