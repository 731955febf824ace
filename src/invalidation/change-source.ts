import type { Store } from '../store/store.ts';

/** What the stream needs of a store: its news, and its log for whoever comes back. */
export type ChangeSource = Pick<Store, 'partitionsOf' | 'chain' | 'heads' | 'resumable' | 'changesSince' | 'watch'>;
