import assert from 'node:assert/strict';
import type { MaybePromise } from '../../../src/base/maybe-promise.ts';
import { type Moment, positionIn } from '../../../src/cache/rules/moment.ts';
import type { Epoch, Partition, Position } from '../../../src/cache/rules/position.ts';
import type {
  Applied,
  Change,
  FenceMoment,
  Freshness,
  Guarded,
  NamespaceId,
  ReadResult,
  Store,
  Write,
} from '../../../src/store/store.ts';

/** What not every store does. Cases about what is left out by a store are not run on it. */
export interface StoreFeatures {
  /** Namespaces have a budget of their own: weights are told, and entries are evicted. */
  readonly capacity: boolean;
}

/** An empty store under test, and power over its time. */
export interface StoreHarness {
  readonly store: Store;
  readonly features: StoreFeatures;
  /** How fresh the reads are that most cases make; absent: any, once all changes were told. */
  readonly freshness?: Freshness;
  /** Lets time pass for the store, and lets it sweep what has become due. */
  advance(ms: number): MaybePromise<void>;
  /** Resolves when watchers have been told all changes made so far. */
  settled(): MaybePromise<void>;
  /** Throws if the store's inner structure is broken. */
  validate(): MaybePromise<void>;
  close(): MaybePromise<void>;
}

/** Defines a test of one behaviour. */
export type DefineCase = (behaviour: string, body: (harness: StoreHarness) => Promise<void>) => void;

/** The namespace of most tests. */
export const NS = 'aaaaaaaa00000001' as NamespaceId;
/** Another namespace. */
export const OTHER_NS = 'bbbbbbbb00000002' as NamespaceId;
/** A capacity that no test fills by accident. */
export const AMPLE_BYTES = 10_000_000;
/** The TTL of entries that say nothing else. */
export const TTL_MS = 60_000;

/** Milliseconds for which leases of the suite are held: a store may count them by a clock that no test stops. */
export const HOLD_MS = 600_000;
/** An epoch that no store is ever in. */
export const FOREIGN_EPOCH = 'fedcba9876543210' as Epoch;
/** What most reads ask for. */
export const ANY: Freshness = { kind: 'any' };
/** What reads ask for that want what is stored, whatever was told. */
export const LATEST: Freshness = { kind: 'latest' };

/** Returns an entry's reference in the namespace of most tests. */
export function refOf(key: string): { namespaceId: NamespaceId; key: string } {
  return { namespaceId: NS, key };
}

/** Returns a value's bytes. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Returns a value's text. */
export function textOf(value: Uint8Array | undefined): string | undefined {
  return value === undefined ? undefined : new TextDecoder().decode(value);
}

/** Returns a write with the given parts, else plain: no tags, no guard, text value, fresh for a minute. */
export function writeOf(key: string, parts: Partial<Write> = {}): Write {
  const value = bytesOf(`value of ${key}`);
  const plain = {
    contentType: 'text/plain',
    tags: [],
    ttlMs: TTL_MS,
    staleWindowMs: 0,
    guard: { kind: 'none' },
  } as const;
  return { ...refOf(key), value, ...plain, ...parts };
}

/** Opens the namespace of most tests, and returns the store. */
export async function opened(harness: StoreHarness): Promise<Store> {
  await harness.store.openNamespace(NS, AMPLE_BYTES);
  return harness.store;
}

/** Writes an entry and returns the change; fails if a guard did not hold. */
export async function put(store: Store, key: string, parts: Partial<Write> = {}): Promise<Applied> {
  return applied(await store.write(writeOf(key, parts)));
}

/** Reads an entry of the namespace of most tests, as fresh as the harness says. */
export async function get(harness: StoreHarness, key: string): Promise<ReadResult> {
  const { freshness = ANY } = harness;
  if (freshness.kind === 'any') await harness.settled();
  return harness.store.read(refOf(key), freshness);
}

/** Returns the fence that a miss gives now. */
export async function fenceNow(harness: StoreHarness, key: string): Promise<FenceMoment> {
  const { moment, nowMs } = await get(harness, key);
  return { moment, givenAtMs: nowMs };
}

/** Returns a change that must have been applied. */
export function applied(outcome: Applied | Guarded): Applied {
  assert.equal(outcome.kind, 'applied');
  return outcome as Applied;
}

/** Raises the namespace's control position without touching an entry: a tag that none has is invalidated. */
export async function moveControl(store: Store): Promise<Applied> {
  return store.invalidate({ namespaceId: NS, selector: { kind: 'tag', tag: 'of none' }, mode: 'remove' });
}

/** Returns the position of a partition in a moment that must have it. */
export function positionAt(moment: Moment, partition: Partition): Position {
  const position = positionIn(moment, partition);
  assert.ok(position !== undefined, 'the moment names the partition');
  return position;
}

/** Returns the control partition of the namespace of most tests. */
export function controlOf(store: Store): Partition {
  return store.partitionsOf(NS)[0]!;
}

/** Returns the control position in a moment. */
export function controlIn(store: Store, moment: Moment): Position {
  return positionAt(moment, controlOf(store));
}

/** Returns the partition of the key that a read or a change with this moment was about. */
export function homeIn(store: Store, moment: Moment): Partition {
  const control = controlOf(store);
  return moment.find(({ partition }) => partition !== control)?.partition ?? control;
}

/** Returns so many keys of the namespace of most tests that lie in one partition, whatever its spread. */
export async function keysTogether(store: Store, count: number): Promise<readonly string[]> {
  const byPartition = new Map<Partition, string[]>();
  for (let i = 0; ; i++) {
    const { moment } = await store.read(refOf(`k${i}`), LATEST);
    const home = homeIn(store, moment);
    const keys = [...(byPartition.get(home) ?? []), `k${i}`];
    if (keys.length === count) return keys;
    byPartition.set(home, keys);
  }
}

/** Returns changes by partition, in the order in which they are given. */
export function byPartition<Placed extends { readonly partition: Partition }>(
  changes: readonly Placed[],
): ReadonlyMap<Partition, readonly Placed[]> {
  return Map.groupBy(changes, ({ partition }) => partition);
}

/** Collects the changes that the store tells from now on; those made before have been told. */
export async function recordChanges(
  harness: StoreHarness,
): Promise<{ readonly changes: readonly Change[]; readonly stop: () => void }> {
  await harness.settled();
  const changes: Change[] = [];
  const stop = harness.store.watch((news) => {
    if (news.kind === 'changed') changes.push(news.change);
  });
  return { changes, stop };
}

/** Fails unless numbers follow one upon the other. */
export function assertConsecutive(numbers: readonly number[]): void {
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => numbers[0]! + i),
  );
}
