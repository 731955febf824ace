import { type Moment, positionIn } from '../../cache/rules/moment.ts';
import type { Position } from '../../cache/rules/position.ts';
import { makeEntry } from '../memory/make-entry.ts';
import type { PartitionApplied, PartitionGuard, PartitionStore } from '../partition-store.ts';
import type { Applied, Guard, Guarded, Invalidation, Removal, Retime, Write } from '../store.ts';
import type { ControlReader } from './control-reader.ts';
import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';
import type { Reader } from './reader.ts';
import type { Reissues } from './reissues.ts';

/** What changes work with. */
export interface WriterParts {
  readonly partitions: PartitionStore;
  readonly controls: ControlReader;
  readonly reader: Reader;
  readonly reissues: Reissues;
  readonly monotonicMs: () => number;
}

const GUARDED: Guarded = { kind: 'guarded' };

/** Sends changes to the partition that they belong to, and takes into L1 what they mean for it. */
export class Writer {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Stores an entry. */
  async write(home: Home, write: Write): Promise<Applied | Guarded> {
    const { partitions, controls, reader } = this.#parts;
    const view = home.viewOf(write.key);
    const guard = partitionGuard(write.guard, view);
    const seen = write.guard.kind === 'fence' ? write.guard.fence.moment : write.seen;
    const plain = seen === undefined && write.guard.kind !== 'lease';
    if (guard === undefined) return GUARDED;
    const stamp = plain
      ? await this.#plainStamp(home, view, controls)
      : seen && positionIn(seen, home.control.partition);
    if (seen !== undefined && stamp === undefined) return GUARDED;
    const applied = await partitions.write(view.partition, { ...write, guard, stamp });
    if (applied.kind === 'guarded') return applied;
    const { lifetime, position } = applied;
    if (!applied.repeated && lifetime !== undefined) {
      reader.offer(home, makeEntry(write.key, write, { position, stamp: applied.stamp }, lifetime));
    }
    return appliedIn(view, home.control, applied);
  }

  /** Gives the stored entry a new lifetime. */
  async retime(home: Home, retime: Retime): Promise<Applied | Guarded> {
    const view = home.viewOf(retime.key);
    const guard = partitionGuard(retime.guard, view);
    if (guard === undefined) return GUARDED;
    const applied = await this.#parts.partitions.retime(view.partition, { ...retime, guard });
    if (applied.kind === 'guarded') return applied;
    this.#overtake(home, view, retime.key, applied);
    return appliedIn(view, home.control, applied);
  }

  /** Removes an entry. */
  async remove(home: Home, removal: Removal): Promise<Applied> {
    const { partitions, reissues } = this.#parts;
    const view = home.viewOf(removal.key);
    const applied = await partitions.remove(view.partition, removal);
    if (removal.cause === 'invalidated')
      reissues.acknowledge({ kind: 'removal', change: removal }, view.partition, applied);
    this.#overtake(home, view, removal.key, applied);
    return appliedIn(view, home.control, applied);
  }

  /** Raises a watermark. */
  async invalidate(home: Home, invalidation: Invalidation): Promise<Applied> {
    const { partitions, reissues, monotonicMs } = this.#parts;
    const { control } = home;
    const change = { ...invalidation, tags: await this.#tagsElsewhere(home, invalidation) };
    const applied = await partitions.invalidate(control.partition, change);
    reissues.acknowledge({ kind: 'invalidation', change }, control.partition, applied);
    const { namespaceId, selector, mode } = change;
    const place = { namespaceId, partition: control.partition, position: applied.position };
    const news = { ...place, author: undefined, tags: [], kind: 'invalidate', selector, mode } as const;
    home.watermarks.raise(news, control.nowMs(monotonicMs()));
    return appliedIn(control, control, applied);
  }

  /** Subscribers by tag hear of a mark too; the control partition does not know the entries of the others. */
  async #tagsElsewhere(home: Home, { selector }: Invalidation): Promise<readonly string[]> {
    const view = selector.kind === 'key' ? home.viewOf(selector.key) : home.control;
    if (selector.kind !== 'key' || view === home.control) return [];
    const { found } = await this.#parts.partitions.read(view.partition, home.id, [selector.key]);
    return found[0]?.entry?.tags ?? [];
  }

  /** Drops from L1 what an own change of a key overtakes: the doorbell will, but the caller may read before it. */
  #overtake(home: Home, view: PartitionView, key: string, { position }: PartitionApplied): void {
    if (position.epoch !== view.chain?.epoch) return;
    home.tier.drop(key, position.number, view.nowMs(this.#parts.monotonicMs()));
  }

  /** See `rules/plain-stamp.ts`: in the control partition itself the script stamps with its own number. */
  #plainStamp(home: Home, view: PartitionView, controls: ControlReader): Promise<Position> | undefined {
    return view === home.control ? undefined : controls.head(home);
  }
}

/** Returns a guard as one partition can judge it; `undefined` if it can't hold: it says nothing of this partition. */
function partitionGuard(guard: Guard, { partition }: PartitionView): PartitionGuard | undefined {
  if (guard.kind !== 'fence') return guard;
  const head = positionIn(guard.fence.moment, partition);
  return head && { kind: 'fence', fence: { head, givenAtMs: guard.fence.givenAtMs } };
}

/**
 * Returns the result of a change of one partition. What left an entry there depends on what that entry's stamp saw of
 * `control`; what left none depends on nothing but itself, and its stamp is no position of the control partition.
 */
export function appliedIn(
  { partition }: PartitionView,
  control: PartitionView,
  { position, stamp, existed, lifetime, appliedAtMs, note, repeated }: PartitionApplied,
): Applied {
  const own = { partition, position };
  const alone = partition === control.partition || lifetime === undefined;
  const moment: Moment = alone ? [own] : [own, { partition: control.partition, position: stamp }];
  return { kind: 'applied', position, stamp, moment, existed, lifetime, nowMs: appliedAtMs, note, repeated };
}
