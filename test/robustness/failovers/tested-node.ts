import type { Epoch, Partition } from '../../../src/cache/rules/position.ts';
import type { RedisLink } from '../../../src/store/redis/link-options.ts';
import type { News } from '../../../src/store/store.ts';
import type { TieredStore } from '../../../src/store/tiered/tiered-store.ts';
import { AMPLE_BYTES, NS } from '../../suite/store/store-harness.ts';
import { openTieredStore } from '../../support/open-tiered-store.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openTestLink } from '../../support/test-link.ts';

/** What a node told subscribers of the end of an epoch. */
export interface ToldEnd {
  readonly partition: Partition;
  readonly epoch: Epoch;
  /** The newest number of it that was kept; 0 where subscribers were told a Reset. */
  readonly kept: number;
}

/** A fleet node's store, the link that it uses, and the epochs that it told the end of; `await using` closes it. */
export interface TestedNode extends AsyncDisposable {
  readonly link: RedisLink;
  readonly store: TieredStore;
  readonly ends: readonly ToldEnd[];
  /** Tells whether it ever followed an epoch: who jumped over one has told nobody of its changes. */
  followed(epoch: Epoch): boolean;
}

/** Opens the store of a fleet node, with the usual namespace, over a link that the test may use too. */
export async function openTestedNode(rig: RedisRig, prefix: string): Promise<TestedNode> {
  const link = await openTestLink(rig);
  const store = await openTieredStore(rig, { prefix, redis: { link } });
  await store.openNamespace(NS, AMPLE_BYTES);
  const epochs = new FollowedEpochs(store);
  store.watch((news) => epochs.take(news));
  return {
    link,
    store,
    ends: epochs.ends,
    followed: (epoch) => epochs.all.has(epoch),
    [Symbol.asyncDispose]: () => store.close(),
  };
}

/** The epochs that a store told changes of. */
class FollowedEpochs {
  readonly all: Set<Epoch>;
  readonly ends: ToldEnd[] = [];
  readonly #current: Map<Partition, Epoch>;

  constructor(store: TieredStore) {
    this.#current = new Map(store.partitionsOf(NS).map((partition) => [partition, store.chain(partition).epoch]));
    this.all = new Set(this.#current.values());
  }

  take(news: News): void {
    if (news.kind === 'forked') this.#follow(news.partition, news.epoch, news.fork);
    if (news.kind === 'restarted') this.#follow(news.partition, news.position.epoch, 0);
  }

  #follow(partition: Partition, epoch: Epoch, kept: number): void {
    const before = this.#current.get(partition);
    this.#current.set(partition, epoch);
    this.all.add(epoch);
    if (before !== undefined) this.ends.push({ partition, epoch: before, kept });
  }
}
