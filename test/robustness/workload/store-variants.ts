import { setImmediate as otherTurn } from 'node:timers/promises';
import type { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { Store } from '../../../src/store/store.ts';

/** Makes the store answer questions about the past only later, as a store on another machine does. */
export function answerLater(store: MemoryStore): void {
  const changesSince = store.changesSince.bind(store);
  const later: Store['changesSince'] = async (...asked) => {
    await otherTurn();
    return changesSince(...asked);
  };
  (store as Pick<Store, 'changesSince'>).changesSince = later;
}
