// Goal: the memory store keeps every promise of the port. Method: the published suite, with and without sweeping.
import { storeSuite } from '../../suite/store-suite.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';

storeSuite('memory, swept as time passes', async () => {
  const { store, clock } = openMemoryStore();
  const advance = (ms: number): void => {
    clock.advance(ms);
    while (store.expireDue(100) === 100);
  };
  return { store, advance, validate: () => store.validate(), close: () => store.close() };
});

storeSuite('memory, never swept', async () => {
  const { store, clock } = openMemoryStore();
  const advance = (ms: number): void => clock.advance(ms);
  return { store, advance, validate: () => store.validate(), close: () => store.close() };
});
