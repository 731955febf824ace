import type { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { News } from '../../../src/store/store.ts';

/** Changes up to this number are lost now and then; later ones never, so that every stream can catch up. */
const LAST_LOST = 500;
const EVERY = 100;

/** Makes the store forget to tell one change in 100. */
export function loseChanges(store: MemoryStore): void {
  const watch = store.watch.bind(store);
  store.watch = (listener) => watch((news) => (isLost(news) ? undefined : listener(news)));
}

/** Makes the store leave out every third of the past changes that somebody asks for, but the last. */
export function loseHistory(store: MemoryStore): void {
  const changesSince = store.changesSince.bind(store);
  store.changesSince = (...asked) =>
    changesSince(...asked)?.filter((_, index, all) => index % 3 !== 0 || index === all.length - 1);
}

/** Makes the store give the past changes that somebody asks for from one earlier on. */
export function repeatHistory(store: MemoryStore): void {
  const changesSince = store.changesSince.bind(store);
  store.changesSince = (partition, number, changesMax) => {
    return changesSince(partition, Math.max(0, number - 1), changesMax + 1);
  };
}

function isLost(news: News): boolean {
  if (news.kind !== 'changed') return false;
  const { position } = news.change;
  return position.number < LAST_LOST && position.number % EVERY === 0;
}
