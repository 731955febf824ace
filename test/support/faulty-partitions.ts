import { systemClock } from '../../src/base/clock.ts';
import { OperatingError } from '../../src/base/operating-error.ts';
import type { Bell, PartitionStore } from '../../src/store/partition-store.ts';
import { replaceParts } from './wrap-partitions.ts';

/** What becomes of something on its way: it comes at once, never, when the test lets it go, or late. */
export type Passage = 'prompt' | 'lost' | 'held' | { readonly lateMs: number };

/** The way on which something comes to a node, and what the test makes of it. */
export class Lane {
  /** For what comes from now on. Default: at once. */
  passage: Passage = 'prompt';
  #begun = 0;
  readonly #held: (() => void)[] = [];

  /** How much has begun to come. */
  get begun(): number {
    return this.#begun;
  }

  /** How much is held. */
  get held(): number {
    return this.#held.length;
  }

  /** Delivers, as the test wants it. In order, as long as the passage stays the same. */
  carry(deliver: () => void, lose: () => void = () => undefined): void {
    this.#begun++;
    const { passage } = this;
    if (passage === 'prompt') deliver();
    else if (passage === 'lost') lose();
    else if (passage === 'held') this.#held.push(deliver);
    else systemClock.startTimer(passage.lateMs, deliver);
  }

  /** Lets everything go that is held, and holds nothing any more. */
  release(): void {
    this.passage = 'prompt';
    for (const deliver of this.#held.splice(0)) deliver();
  }

  /** Returns an answer when it is delivered; what is lost is STORE_UNAVAILABLE. */
  async answer<T>(asked: Promise<T>): Promise<T> {
    const answered = await asked;
    await new Promise<void>((resolve, reject) => {
      this.carry(resolve, () => reject(new OperatingError('STORE_UNAVAILABLE', 'The test lost the answer.')));
    });
    return answered;
  }
}

/** What a test may do to one node's way to Redis. */
export interface NodeLanes {
  /** Changes that ring. */
  readonly bells: Lane;
  /** Answers of heartbeats: with lost bells, the only way to learn what happened. */
  readonly beats: Lane;
  /** Answers of reads. */
  readonly reads: Lane;
  /** Answers of asking for a lease. */
  readonly leases: Lane;
  /** Pages of the log. */
  readonly pages: Lane;
}

/** Returns lanes that are all prompt. */
export function promptLanes(): NodeLanes {
  return { bells: new Lane(), beats: new Lane(), reads: new Lane(), leases: new Lane(), pages: new Lane() };
}

/** Puts lanes between a node and its partitions. */
export function throughLanes(partitions: PartitionStore, lanes: NodeLanes): PartitionStore {
  return replaceParts(partitions, {
    listen: (partition, bell) => partitions.listen(partition, throughLane(bell, lanes.bells)),
    beat: (...asked) => lanes.beats.answer(partitions.beat(...asked)),
    read: (...asked) => lanes.reads.answer(partitions.read(...asked)),
    acquireLease: (...asked) => lanes.leases.answer(partitions.acquireLease(...asked)),
    changesSince: (...asked) => lanes.pages.answer(partitions.changesSince(...asked)),
  });
}

function throughLane({ onChange, onReleased, onAsked, onGap }: Bell, lane: Lane): Bell {
  return {
    onChange: (change) => lane.carry(() => onChange(change)),
    onReleased: (ref) => lane.carry(() => onReleased(ref)),
    onAsked: () => lane.carry(() => onAsked()),
    onGap,
  };
}
