import type { Clock } from '../../base/clock.ts';
import { faultIn, type Moment } from '../../cache/rules/moment.ts';
import type { Position } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import { tokenUnusable } from '../../cache/rules/token-unusable.ts';
import { type Control, canJudge, judge, judgeAgainst, type Visibility } from '../../cache/rules/visibility.ts';
import type { Watermark } from '../../cache/rules/watermark-table.ts';
import type { PartitionStore } from '../partition-store.ts';
import type { Freshness } from '../store.ts';
import type { FlightTime } from './flights.ts';
import type { Home } from './home.ts';
import { momentOf } from './moment-of.ts';
import { askProven } from './proven.ts';

/** What is judged: an entry and its stamp. */
export interface Stamped extends Coverable {
  readonly stamp: Position;
}

/** What the control partition says. */
export interface ControlVerdict {
  /** In the order of what was asked. */
  readonly visibilities: readonly Visibility[];
  /** Control position at which it was judged. */
  readonly moment: Moment;
}

/** What it works with. */
export interface ControlParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly maxLagMs: number;
  /** Milliseconds for which the proof counts that a primary is in force: no older one is read through to. */
  readonly proofAgeMsMax: number;
}

/** The heads of a control partition that Sets of one tick wait for. */
type HeadRead = Promise<Position>;

/**
 * Knows what the control partition of a namespace says: from the node's own watermarks while the permit holds and they
 * reach as far as is asked, else by asking it.
 */
export class ControlReader {
  readonly #parts: ControlParts;
  readonly #headReads = new Map<Home, HeadRead>();

  constructor(parts: ControlParts) {
    this.#parts = parts;
  }

  /** Returns what the node itself may judge by now; `undefined` if it has to ask. */
  own(home: Home): Control | undefined {
    const { clock, maxLagMs } = this.#parts;
    if (!home.control.permitted(clock.monotonicMs(), maxLagMs)) return undefined;
    return home.watermarks.control(home.control.chain);
  }

  /**
   * Judges entries, as fresh as is asked. A read that others may join is as old as what it is judged by from now on,
   * not from the answer on: they join in between.
   *
   * @throws OperatingError STORE_UNAVAILABLE, TOKEN_UNUSABLE
   */
  async verdict(
    home: Home,
    entries: readonly Stamped[],
    freshness: Freshness,
    flight?: FlightTime,
  ): Promise<ControlVerdict> {
    const atLeast = momentOf(freshness);
    const control = freshness.kind === 'latest' ? undefined : this.own(home);
    const { partition, applied, provenAtMs, proof, moment } = home.control;
    const judgedAsOfMs = control === undefined ? proof?.provenAtMs : provenAtMs;
    if (flight !== undefined && judgedAsOfMs !== undefined) flight.asOfMs = Math.min(flight.asOfMs, judgedAsOfMs);
    if (control !== undefined) {
      const known = entries.every(({ stamp }) => canJudge(control.chain, stamp));
      if (known && faultIn(atLeast, partition, control.chain, applied) === undefined) {
        return { visibilities: entries.map((entry) => judge(control, entry.stamp, entry)), moment };
      }
    }
    return this.#ask(home, entries, atLeast);
  }

  /**
   * Judges an entry by what the control partition says now: whoever fills after an invalidation was acknowledged on
   * another node is refused, also where the node has not heard of it yet. @throws OperatingError STORE_UNAVAILABLE
   */
  async judgeNow(home: Home, entry: Stamped): Promise<Visibility> {
    const { visibilities } = await this.#ask(home, [entry], []);
    return visibilities[0]!;
  }

  /** Returns the highest watermark over a key, as a position: a lease from before it is void. */
  async voidBelow(home: Home, key: string): Promise<Position> {
    const control = this.own(home);
    const entry = { key, tags: [] };
    if (control !== undefined) {
      return { epoch: control.chain.epoch, number: highest(control.watermarks.covering(entry)) };
    }
    const { chain, covering } = await this.#covering(home, [entry]);
    return { epoch: chain.epoch, number: highest(covering[0]!) };
  }

  /**
   * Returns the head of the control partition, asked for after now: the stamp of a plain Set on another partition. Sets
   * of one turn of the event loop share one question, sent when the turn is over, so that it comes after all of them.
   */
  head(home: Home): Promise<Position> {
    const known = this.#headReads.get(home);
    if (known !== undefined) return known;
    const read = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      this.#headReads.delete(home);
      const { chain, head } = await this.#covering(home, []);
      return { epoch: chain.epoch, number: head };
    });
    this.#headReads.set(home, read);
    return read;
  }

  async #ask(home: Home, entries: readonly Stamped[], atLeast: Moment): Promise<ControlVerdict> {
    const { partition } = home.control;
    const { chain, head, covering } = await this.#covering(home, entries);
    const fault = faultIn(atLeast, partition, chain, head);
    if (fault !== undefined) throw tokenUnusable(fault);
    return {
      visibilities: entries.map(({ stamp }, index) => judgeAgainst(chain, covering[index]!, stamp)),
      moment: [{ partition, position: { epoch: chain.epoch, number: head } }],
    };
  }

  #covering(home: Home, entries: readonly Coverable[]) {
    const { partitions, clock, proofAgeMsMax } = this.#parts;
    const question = { sentAtMs: clock.monotonicMs(), proofAgeMsMax };
    return askProven(home.control, question, () => partitions.covering(home.control.partition, home.id, entries));
  }
}

function highest({ removed, stale }: Watermark): number {
  return Math.max(removed, stale);
}
