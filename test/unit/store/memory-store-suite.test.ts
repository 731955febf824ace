// Goal: the memory store keeps every promise of the port. Method: the published suite, with and without sweeping.
import type { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import { type StoreHarness, storeSuite } from '../../suite/store-suite.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';

function harnessOf(store: MemoryStore, advance: (ms: number) => void): StoreHarness {
  const features = { capacity: true };
  const settled = (): void => undefined;
  return { store, features, advance, settled, validate: () => store.validate(), close: () => store.close() };
}

storeSuite('memory, swept as time passes', async () => {
  const { store, clock } = openMemoryStore();
  const advance = (ms: number): void => {
    clock.advance(ms);
    while (store.expireDue(100) === 100);
  };
  return harnessOf(store, advance);
});

storeSuite('memory, never swept', async () => {
  const { store, clock } = openMemoryStore();
  const advance = (ms: number): void => clock.advance(ms);
  return harnessOf(store, advance);
});
