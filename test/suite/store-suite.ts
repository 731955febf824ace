import { describe, it } from 'node:test';
import { entryCases } from './store/entry-cases.ts';
import { guardCases } from './store/guard-cases.ts';
import { leaseCases } from './store/lease-cases.ts';
import { logCases } from './store/log-cases.ts';
import { namespaceCases } from './store/namespace-cases.ts';
import { onceCases } from './store/once-cases.ts';
import type { StoreHarness } from './store/store-harness.ts';
import { watchCases } from './store/watch-cases.ts';
import { watermarkCases } from './store/watermark-cases.ts';

export type { StoreHarness } from './store/store-harness.ts';

/**
 * The conformance suite of the port `Store`: one test for each sentence of its contract. `open` makes an empty store for
 * each test. After each test the store's inner structure is validated.
 *
 * A store over a network runs it unchanged: every answer is awaited, and time passes only by `advance`.
 */
export function storeSuite(name: string, open: () => Promise<StoreHarness>): void {
  const cases = (title: string, define: typeof entryCases): void => {
    describe(title, () =>
      define((behaviour, body) =>
        it(behaviour, async () => {
          const harness = await open();
          try {
            await body(harness);
            await harness.validate();
          } finally {
            await harness.close();
          }
        }),
      ),
    );
  };
  describe(`store: ${name}`, () => {
    cases('entries', entryCases);
    cases('guards', guardCases);
    cases('changes applied once', onceCases);
    cases('watermarks', watermarkCases);
    cases('leases', leaseCases);
    cases('namespaces', namespaceCases);
    cases('watching', watchCases);
    cases('the log', logCases);
  });
}
