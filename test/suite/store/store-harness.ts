import assert from 'node:assert/strict';
import type { MaybePromise } from '../../../src/base/maybe-promise.ts';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { Applied, Change, Guarded, NamespaceId, ReadResult, Store, Write } from '../../../src/store/store.ts';

/** An empty store under test, and power over its time. */
export interface StoreHarness {
  readonly store: Store;
  /** Lets time pass for the store, and lets it sweep what has become due. */
  advance(ms: number): MaybePromise<void>;
  /** Throws if the store's inner structure is broken. */
  validate(): MaybePromise<void>;
  close(): MaybePromise<void>;
}

/** Defines a test of one behaviour. */
export type DefineCase = (behaviour: string, body: (harness: StoreHarness) => Promise<void>) => void;

/** The namespace of most tests. */
export const NS = 'namespace-a' as NamespaceId;
/** Another namespace. */
export const OTHER_NS = 'namespace-b' as NamespaceId;
/** A capacity that no test fills by accident. */
export const AMPLE_BYTES = 10_000_000;
/** The TTL of entries that say nothing else. */
export const TTL_MS = 60_000;

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

/** Reads an entry of the namespace of most tests. */
export async function get(store: Store, key: string): Promise<ReadResult> {
  return store.read(refOf(key));
}

/** Returns the fence that a miss gives now. */
export async function fenceNow(store: Store, key: string): Promise<{ head: Position; givenAtMs: number }> {
  const { head, nowMs } = await store.read(refOf(key));
  return { head, givenAtMs: nowMs };
}

/** Returns a change that must have been applied. */
export function applied(outcome: Applied | Guarded): Applied {
  assert.equal(outcome.kind, 'applied');
  return outcome as Applied;
}

/** Collects the changes that the store tells. */
export function recordChanges(store: Store): { changes: Change[]; stop: () => void } {
  const changes: Change[] = [];
  const stop = store.watch((change) => changes.push(change));
  return { changes, stop };
}
