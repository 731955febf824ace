import { leaseIdOf } from '../../cache/rules/lease.ts';
import type { Partition, Position } from '../../cache/rules/position.ts';
import type { Coverable } from '../../cache/rules/selector.ts';
import type { Visibility } from '../../cache/rules/visibility.ts';
import type { Watermark, WatermarkRow } from '../../cache/rules/watermark-table.ts';
import type {
  Beat,
  BeatAnswer,
  Bell,
  LeaseAnswer,
  PartitionApplied,
  PartitionInvalidation,
  PartitionLeaseWish,
  PartitionPage,
  PartitionRetime,
  PartitionStore,
  PartitionWrite,
  Told,
  ToldKeys,
  ToldNodes,
} from '../partition-store.ts';
import type { Change, EntryRef, Guarded, NamespaceId, Removal } from '../store.ts';
import { type ApplyTerms, applyChange } from './apply-change.ts';
import { type ChangeForm, invalidateCall, removeCall, retimeCall, writeCall } from './change-forms.ts';
import { changedSlotOffset, changedSlots } from './changed-slots.ts';
import { packLeaseId } from './guard-codec.ts';
import { IndexTidier } from './index-tidier.ts';
import type { Link } from './link.ts';
import { dropKeys, listEntries } from './list-keys.ts';
import { PartitionCalls } from './partition-calls.ts';
import { partitionScripts } from './partition-scripts.ts';
import { packPosition } from './position-codec.ts';
import { readLog } from './read-log.ts';
import { readCovering, readRecords } from './read-records.ts';
import { readTable } from './read-table.ts';
import { type RedisStoreLimits, type RedisStoreOptions, redisStoreDefaults } from './redis-store-options.ts';
import { askNodes, packRegistration, readNodes, removeNode } from './registered-nodes.ts';
import { readResult, resultName } from './result-codec.ts';
import { packReleased, type Ring, readRing } from './ring-codec.ts';
import { packSelector } from './selector-codec.ts';

const COMMAND_TIMEOUT_MS = 1000;

/** Partitions in Redis 7.0 or later, or Valkey: every method is one script, or a few where it says so; reading keys is none. */
export class RedisPartitionStore implements PartitionStore {
  readonly partitions: number;
  readonly spread: number;
  readonly #link: Link;
  readonly #limits: RedisStoreLimits;
  readonly #calls: PartitionCalls;
  readonly #terms: ApplyTerms;
  readonly #slots: number;
  readonly #tidier: IndexTidier;

  constructor(options: RedisStoreOptions) {
    const { link, partitions, spread, commandTimeoutMs = COMMAND_TIMEOUT_MS } = options;
    this.partitions = partitions;
    this.spread = spread;
    this.#link = link;
    this.#limits = { ...redisStoreDefaults, ...options.limits };
    this.#calls = new PartitionCalls(options, this.#limits.logChangesMax);
    this.#terms = { calls: this.#calls, limits: this.#limits, commandTimeoutMs };
    this.#slots = changedSlots(partitions);
    this.#tidier = new IndexTidier(this.#calls);
  }

  read(partition: Partition, namespaceId: NamespaceId, keys: readonly string[]): Promise<ToldKeys> {
    return readRecords(this.#calls, partition, namespaceId, keys);
  }

  covering(
    partition: Partition,
    namespaceId: NamespaceId,
    entries: readonly Coverable[],
  ): Promise<Told & { readonly covering: readonly Watermark[] }> {
    return readCovering(this.#calls, partition, namespaceId, entries);
  }

  async recall(partition: Partition, ref: EntryRef, requestId: string): Promise<PartitionApplied | undefined> {
    const { meta, results, resultsByTime } = this.#calls.keys(partition);
    const { told, parts } = await this.#calls.ask(partition, {
      script: partitionScripts.recall,
      keys: [meta, results, resultsByTime],
      args: [resultName(ref, requestId), this.#limits.requestIdAgeMsMax],
    });
    const [result] = parts;
    if (!(result instanceof Buffer)) return undefined;
    return { ...told, kind: 'applied', ...readResult(result), repeated: true };
  }

  async write(partition: Partition, write: PartitionWrite): Promise<PartitionApplied | Guarded> {
    const outcome = await this.#changeKey(partition, write, writeCall(write, this.#limits));
    if (outcome.kind === 'applied' && !outcome.existed) this.#tidier.onInsert(partition, write.namespaceId);
    return outcome;
  }

  retime(partition: Partition, retime: PartitionRetime): Promise<PartitionApplied | Guarded> {
    return this.#changeKey(partition, retime, retimeCall(retime, this.#limits));
  }

  async remove(partition: Partition, removal: Removal): Promise<PartitionApplied> {
    return unguarded(await this.#changeKey(partition, removal, removeCall(removal, this.#limits)));
  }

  async invalidate(partition: Partition, invalidation: PartitionInvalidation): Promise<PartitionApplied> {
    const { namespaceId, selector, once } = invalidation;
    const { record, watermarks, watermarkOrder, newestWatermark } = this.#calls.keys(partition);
    const ref = { namespaceId, key: selector.kind === 'key' ? selector.key : '' };
    const own = [watermarks, watermarkOrder, newestWatermark].map((name) => name(namespaceId));
    return unguarded(
      await applyChange(this.#terms, partition, {
        ...invalidateCall(invalidation, this.#limits),
        keys: [...this.#calls.lineageKeys(partition), record(ref), ...own],
        place: packSelector(selector),
        once,
        onceRef: { namespaceId, key: '' },
      }),
    );
  }

  async settle(
    partition: Partition,
    ref: EntryRef,
    position: Position,
    verdict: Exclude<Visibility, 'visible'>,
  ): Promise<boolean> {
    const { parts } = await this.#calls.ask(partition, {
      script: partitionScripts.settle,
      keys: this.#entryKeys(partition, ref),
      args: [packPosition(position), verdict === 'removed' ? 'r' : 's', this.#limits.fenceAgeMsMax],
    });
    return parts[0] === 1;
  }

  async acquireLease(partition: Partition, wish: PartitionLeaseWish): Promise<LeaseAnswer> {
    const { namespaceId, key, holdMs, seen, stamp, voidBelow } = wish;
    const { leaseCount, lease, newestWatermark, watermarks } = this.#calls.keys(partition);
    const { told, parts } = await this.#calls.ask(partition, {
      script: partitionScripts.lease,
      keys: [
        ...this.#calls.lineageKeys(partition),
        leaseCount,
        lease(wish),
        newestWatermark(namespaceId),
        watermarks(namespaceId),
      ],
      args: [
        ...this.#calls.lineageArgs(),
        key,
        packPosition(stamp),
        holdMs,
        voidBelow === undefined ? '' : packPosition(voidBelow),
        changedSlotOffset(wish, this.#slots),
        packPosition(seen),
      ],
    });
    const [count, remainingMs] = parts as [number, number];
    if (count < 0) return { kind: 'overtaken' };
    if (count === 0) return { kind: 'held', remainingMs };
    return { kind: 'granted', leaseId: leaseIdOf(told.chain.epoch, count), stamp };
  }

  async releaseLease(partition: Partition, ref: EntryRef, leaseId: string): Promise<boolean> {
    const { meta, lease, bell } = this.#calls.keys(partition);
    const { parts } = await this.#calls.ask(partition, {
      script: partitionScripts.release,
      keys: [meta, lease(ref), bell],
      args: [packLeaseId(leaseId), packReleased(ref)],
    });
    return parts[0] === 1;
  }

  list(partition: Partition, namespaceId: NamespaceId, after: string, entriesMax: number): Promise<PartitionPage> {
    return listEntries(this.#calls, partition, namespaceId, { after, keysMax: entriesMax });
  }

  async count(partition: Partition, namespaceId: NamespaceId): Promise<number> {
    const { meta, index } = this.#calls.keys(partition);
    const { parts } = await this.#calls.ask(partition, {
      script: partitionScripts.count,
      keys: [meta, index(namespaceId)],
      args: [],
    });
    return parts[0] as number;
  }

  drop(partition: Partition, namespaceId: NamespaceId): Promise<void> {
    return dropKeys(this.#calls, partition, namespaceId);
  }

  async beat(partition: Partition, { after, changesMax, node }: Beat): Promise<BeatAnswer> {
    const { meta, nodes } = this.#calls.keys(partition);
    const { told, parts } = await this.#calls.ask(partition, {
      script: partitionScripts.beat,
      lane: 'heartbeat',
      keys: [...this.#calls.lineageKeys(partition), nodes],
      args: [
        ...this.#calls.lineageArgs(),
        node.id,
        packRegistration(node),
        this.#limits.nodeMemoryMs,
        changesMax,
        after ?? '',
      ],
    });
    const namedAgeMs = parts[0] === 1 ? this.#link.namedAgeMs(meta, told.server) : undefined;
    const named = { inForce: namedAgeMs !== undefined, namedAgeMs: namedAgeMs ?? 0 };
    return { ...told, ...named, changes: readLog(parts[1], partition) };
  }

  nodes(partition: Partition): Promise<ToldNodes> {
    return readNodes(this.#calls, partition, this.#limits.nodeMemoryMs);
  }

  askNodes(partition: Partition): Promise<void> {
    return askNodes(this.#calls, partition);
  }

  leave(partition: Partition, id: string): Promise<void> {
    return removeNode(this.#calls, partition, id);
  }

  async changesSince(
    partition: Partition,
    number: number,
    changesMax: number,
  ): Promise<Told & { readonly changes: readonly Change[] }> {
    const { meta, log } = this.#calls.keys(partition);
    const { told, parts } = await this.#calls.ask(partition, {
      script: partitionScripts.changesSince,
      keys: [meta, log],
      args: [number, changesMax],
    });
    return { ...told, changes: readLog(parts[0], partition) };
  }

  table(partition: Partition, namespaceId: NamespaceId): Promise<Told & { readonly rows: readonly WatermarkRow[] }> {
    return readTable(this.#calls, partition, namespaceId);
  }

  listen(partition: Partition, bell: Bell): Promise<void> {
    const missed = (): void => bell.onGap(partition);
    return this.#link.listen(
      this.#calls.keys(partition).bell,
      (payload) => hear(readRing(payload, partition), bell, partition),
      missed,
    );
  }

  async close(): Promise<void> {
    this.#tidier.close();
    await this.#link.close();
  }

  #changeKey(
    partition: Partition,
    change: PartitionWrite | PartitionRetime | Removal,
    call: ChangeForm,
  ): Promise<PartitionApplied | Guarded> {
    return applyChange(this.#terms, partition, {
      ...call,
      keys: this.#entryKeys(partition, change),
      place: changedSlotOffset(change, this.#slots),
      once: change.once,
      onceRef: change,
    });
  }

  #entryKeys(partition: Partition, ref: EntryRef): string[] {
    const { record, lease, index } = this.#calls.keys(partition);
    return [...this.#calls.lineageKeys(partition), record(ref), lease(ref), index(ref.namespaceId)];
  }
}

function hear(ring: Ring, { onChange, onReleased, onAsked, onGap }: Bell, partition: Partition): void {
  switch (ring.kind) {
    case 'changed':
      onChange(ring.change);
      return;
    case 'released':
      onReleased(ring.ref);
      return;
    case 'asked':
      onAsked();
      return;
    case 'foreign':
      // The log tells what there is.
      onGap(partition);
      return;
  }
}

function unguarded(outcome: PartitionApplied | Guarded): PartitionApplied {
  if (outcome.kind === 'guarded') throw new Error('a change without a guard was guarded');
  return outcome;
}
