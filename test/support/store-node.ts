import type { News } from '../../src/store/store.ts';
import type { TieredStore } from '../../src/store/tiered/tiered-store.ts';
import { AMPLE_BYTES, ANY, NS, refOf, textOf } from '../suite/store/store-harness.ts';
import { openTieredStore, type TieredOptions } from './open-tiered-store.ts';
import type { RedisRig } from './redis/rig.ts';
import { until } from './until.ts';

/** The store of a fleet node that has the usual namespace open, and what it told; `await using` closes it. */
export interface StoreNode extends AsyncDisposable {
  readonly store: TieredStore;
  /** Since before the namespace was opened, the oldest first. */
  readonly news: readonly News[];
}

/** Opens the store of a fleet node over the Redis of a rig. */
export async function openStoreNode(rig: RedisRig, options: TieredOptions): Promise<StoreNode> {
  const store = await openTieredStore(rig, options);
  const news: News[] = [];
  store.watch((each) => news.push(each));
  await store.openNamespace(NS, AMPLE_BYTES);
  return { store, news, [Symbol.asyncDispose]: () => store.close() };
}

/** Returns the value that a node has under a key now, as a caller sees it. @throws OperatingError STORE_UNAVAILABLE */
export async function textAt({ store }: StoreNode, key: string): Promise<string | undefined> {
  const { entry, visibility } = await store.read(refOf(key), ANY);
  return visibility === 'removed' ? undefined : textOf(entry?.value);
}

/** Tells whether a node answers for a key from L1, with an entry, now. If not, the read may bring it there. */
export function isHeld({ store }: StoreNode, key: string): boolean {
  const read = store.read(refOf(key), ANY);
  if (!(read instanceof Promise)) return read.entry !== undefined;
  read.catch(() => {});
  return false;
}

/** Waits until a node may serve from L1 what it holds there. Reads one key that no test uses. */
export async function untilPermitted({ store }: StoreNode): Promise<void> {
  const answers = (): boolean => {
    const read = store.read(refOf('a key that no test uses'), ANY);
    if (read instanceof Promise) read.catch(() => {});
    return !(read instanceof Promise);
  };
  await until(answers, { what: 'the permit of a node' });
}

/** Waits until a node tells news of a kind, once more than it did at the time of the call. Returns the newest. */
export async function nextNews<K extends News['kind']>(node: StoreNode, kind: K): Promise<Extract<News, { kind: K }>> {
  const told = newsOf(node, kind).length;
  await until(() => newsOf(node, kind).length > told, { what: `the news "${kind}"` });
  return newsOf(node, kind).at(-1)!;
}

/** Returns all news of a kind that a node told. */
export function newsOf<K extends News['kind']>({ news }: StoreNode, kind: K): Extract<News, { kind: K }>[] {
  return news.filter((each): each is Extract<News, { kind: K }> => each.kind === kind);
}

/** Returns the keys of the changes of single keys that a node told. */
export function toldKeys(node: StoreNode): string[] {
  return newsOf(node, 'changed').flatMap(({ change }) => ('key' in change ? [change.key] : []));
}
