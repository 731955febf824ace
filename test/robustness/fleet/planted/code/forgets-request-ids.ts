// Planted in a node: a repeated change is made again, as if it had no request id.
import { RedisPartitionStore } from '../../../../../src/store/redis/redis-partition-store.ts';

const { write, remove } = RedisPartitionStore.prototype;

RedisPartitionStore.prototype.write = function (this: RedisPartitionStore, partition, { once: _, ...change }) {
  return write.call(this, partition, change);
};
RedisPartitionStore.prototype.remove = function (this: RedisPartitionStore, partition, { once: _, ...change }) {
  return remove.call(this, partition, change);
};
RedisPartitionStore.prototype.recall = async () => undefined;
