// Planted in a node: whoever asks for a lease that another has is given one, too.
import { leaseIdOf } from '../../../../../src/cache/rules/lease.ts';
import { RedisPartitionStore } from '../../../../../src/store/redis/redis-partition-store.ts';

const { acquireLease } = RedisPartitionStore.prototype;
let granted = 1_000_000;

RedisPartitionStore.prototype.acquireLease = async function (this: RedisPartitionStore, partition, wish) {
  const answer = await acquireLease.call(this, partition, wish);
  if (answer.kind !== 'held') return answer;
  return { kind: 'granted', leaseId: leaseIdOf(wish.seen.epoch, granted++), stamp: wish.stamp };
};
