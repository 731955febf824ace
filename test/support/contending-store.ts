import type { Applied, EntryRef, Guarded, Store } from '../../src/store/store.ts';

/** Another writer, who changes the key just before each conditional change. */
export interface Contention {
  /** How often that still happens. */
  left: number;
}

/** Puts another writer between a store's callers and their conditional changes of a key, as long as `left` lasts. */
export function contend(store: Store, contention: Contention): void {
  const write = store.write.bind(store);
  const retime = store.retime.bind(store);
  const meddle = ({ namespaceId, key }: EntryRef): void => {
    if (contention.left-- <= 0) return;
    const lifetime = { ttlMs: 60_000, staleWindowMs: 0 };
    void write({ namespaceId, key, value: Buffer.from('0'), contentType: '', tags: [], ...lifetime, ...plain });
  };
  store.write = (change) => {
    if (change.guard.kind === 'unchanged') meddle(change);
    return write(change) as Applied | Guarded;
  };
  store.retime = (change) => {
    meddle(change);
    return retime(change) as Applied | Guarded;
  };
}

const plain = { guard: { kind: 'none' } } as const;
