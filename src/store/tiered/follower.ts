import type { Clock } from '../../base/clock.ts';
import { limits } from '../../base/limits.ts';
import type { Moment } from '../../cache/rules/moment.ts';
import type { Partition } from '../../cache/rules/position.ts';
import type { PartitionStore } from '../partition-store.ts';
import type { Change, NamespaceId, News } from '../store.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Home } from './home.ts';
import type { NodeSelf } from './node-self.ts';
import { PartitionView } from './partition-view.ts';
import type { Reissues } from './reissues.ts';
import { resumableMoment } from './resuming.ts';
import { sweepTier, Tail } from './tail.ts';

/** What a follower works with. */
export interface FollowerParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly self: NodeSelf;
  readonly homes: () => Iterable<Home>;
  readonly homeOf: (namespaceId: NamespaceId) => Home | undefined;
  readonly tell: (news: News) => void;
  readonly reissues: Reissues;
  readonly onFailure: (cause: unknown) => void;
}

/** A partition that is followed. */
interface Followed {
  readonly view: PartitionView;
  readonly tail: Tail;
  readonly heartbeat: Heartbeat;
  /** Resolves when the first heartbeat was answered. */
  readonly started: Promise<void>;
}

/** Follows the partitions that this node's namespaces live on: a tail, a doorbell and a heartbeat each. */
export class Follower {
  readonly #parts: FollowerParts;
  readonly #views = new Map<Partition, PartitionView>();
  readonly #followed = new Map<Partition, Followed>();

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** Returns what is known of a partition: nothing before it is followed. */
  view(partition: Partition): PartitionView {
    const known = this.#views.get(partition);
    if (known !== undefined) return known;
    const view = new PartitionView(partition, { recentKeysMax: limits.recentKeysPerPartitionMax });
    this.#views.set(partition, view);
    return view;
  }

  /** Begins to follow partitions, where that has not begun. Fails if the store can't be asked. */
  async follow(partitions: readonly Partition[]): Promise<void> {
    await Promise.all(partitions.map((partition) => this.#follow(partition)));
  }

  /** What is known of every partition that is followed. */
  views(): readonly PartitionView[] {
    return [...this.#followed.values()].map(({ view }) => view);
  }

  /** Lets the heartbeat of a partition ask at once. */
  ask(partition: Partition): void {
    this.#followed.get(partition)?.heartbeat.soon();
  }

  /** The newest change of every partition, as far as it was applied. */
  heads(): Moment {
    return [...this.#followed.values()].flatMap(({ view }) => view.moment).sort((a, b) => a.partition - b.partition);
  }

  /** Takes the watermark table of a namespace, unless the present one is of the history that is followed. */
  async takeTable(home: Home): Promise<void> {
    const { control, watermarks } = home;
    const { chain, applied } = control;
    if (chain === undefined || !watermarks.isMissing(chain)) return;
    const asked = watermarks.ask(applied);
    try {
      const told = await this.#parts.partitions.table(control.partition, home.id);
      if (!watermarks.isWanted(asked, told, control.chain)) return;
      sweepTier(home, control.nowMs(this.#parts.clock.monotonicMs()));
      watermarks.take(asked, told);
    } finally {
      watermarks.giveUp(asked);
    }
  }

  /**
   * Reads the log: what is at hand, else the store's. `undefined` if that no longer reaches so far either.
   *
   * @throws OperatingError STORE_UNAVAILABLE
   */
  async changesSince(partition: Partition, number: number, changesMax: number): Promise<readonly Change[] | undefined> {
    const view = this.view(partition);
    const atHand = view.since(number, changesMax);
    if (atHand !== undefined) return atHand;
    const { chain, changes, head } = await this.#parts.partitions.changesSince(partition, number, changesMax);
    if (chain.epoch !== view.chain?.epoch) {
      // One of the two does not know of an epoch yet: what follows a number of the other means nothing.
      await this.#nextNews(view);
      return this.changesSince(partition, number, changesMax);
    }
    const gone = changes.length === 0 ? head > number : changes[0]!.position.number !== number + 1;
    return gone ? undefined : changes;
  }

  /** See `resumableMoment`. */
  resumable(moment: Moment, signal: AbortSignal): Promise<Moment | undefined> {
    return resumableMoment({ views: this.#views, ask: (partition) => this.ask(partition) }, moment, signal);
  }

  /** Resolves when every tail has been proven by a heartbeat that is sent from now on. */
  async caughtUp(): Promise<void> {
    await Promise.all(
      [...this.#followed.values()].map(async ({ view, heartbeat }) => {
        const before = view.beats;
        while (view.provenBeat <= before) {
          const progress = view.progress();
          heartbeat.soon();
          await progress;
        }
      }),
    );
  }

  /** Stops. */
  close(): void {
    for (const { heartbeat } of this.#followed.values()) heartbeat.close();
  }

  /** Takes this node off the lists, once it is closed: nobody needs to wait for it. Whoever can't be told forgets it. */
  async leave(): Promise<void> {
    const { partitions, self } = this.#parts;
    await Promise.allSettled([...this.#followed.keys()].map((partition) => partitions.leave(partition, self.id)));
  }

  #nextNews(view: PartitionView): Promise<void> {
    const progress = view.progress();
    this.ask(view.partition);
    return progress;
  }

  #follow(partition: Partition): Promise<void> {
    const known = this.#followed.get(partition);
    if (known !== undefined) return known.started;
    const followed = this.#start(partition);
    this.#followed.set(partition, followed);
    followed.started.catch(() => {
      followed.heartbeat.close();
      this.#followed.delete(partition);
    });
    return followed.started;
  }

  #start(partition: Partition): Followed {
    const { partitions, clock, heartbeatMs, self, homes, homeOf, tell, onFailure } = this.#parts;
    const view = this.view(partition);
    const tail = new Tail({
      view,
      homes: () => [...homes()].filter((home) => home.livesOn(partition)),
      homeOf: ({ namespaceId }) => homeOf(namespaceId),
      tell,
      monotonicMs: () => clock.monotonicMs(),
    });
    const heartbeat = new Heartbeat({
      view,
      tail,
      clock,
      intervalMs: heartbeatMs,
      self,
      ask: (beat) => partitions.beat(partition, beat),
      onProof: ({ chain }, provenAtMs) => this.#onProof(view, { chain, sentAtMs: provenAtMs }),
      onFailure,
    });
    const listening = partitions.listen(partition, {
      onChange: (change) => {
        if (!tail.ring(change)) heartbeat.soon();
      },
      onReleased: (ref) => tell({ kind: 'released', ref }),
      onAsked: () => heartbeat.asked(),
      onGap: () => heartbeat.soon(),
    });
    return { view, tail, heartbeat, started: listening.then(() => heartbeat.start()) };
  }

  #onProof(view: PartitionView, history: Parameters<Reissues['check']>[1]): void {
    const { homes, reissues, onFailure } = this.#parts;
    reissues.check(view.partition, history);
    for (const home of homes()) if (home.control === view) this.takeTable(home).catch(onFailure);
  }
}
