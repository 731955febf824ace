import { describe, it } from 'node:test';
import { capacityCases } from './store/capacity-cases.ts';
import { entryCases } from './store/entry-cases.ts';
import { freshnessCases } from './store/freshness-cases.ts';
import { guardCases } from './store/guard-cases.ts';
import { lastKnownCases } from './store/last-known-cases.ts';
import { leaseCases } from './store/lease-cases.ts';
import { logCases } from './store/log-cases.ts';
import { namespaceCases } from './store/namespace-cases.ts';
import { onceCases } from './store/once-cases.ts';
import type { StoreFeatures, StoreHarness } from './store/store-harness.ts';
import { watchCases } from './store/watch-cases.ts';
import { watermarkCases } from './store/watermark-cases.ts';

export type { StoreFeatures, StoreHarness } from './store/store-harness.ts';

/**
 * The conformance suite of the port `Store`: one test for each sentence of its contract. `open` makes an empty store for
 * each test. After each test the store's inner structure is validated.
 *
 * A store over a network, with tiers, or with namespaces that spread over several partitions runs it unchanged: every
 * answer is awaited, time passes only by `advance`, what was told is waited for by `settled`, and numbers are compared
 * within one partition only. Cases about a feature that the store does not have say so and do nothing.
 */
export function storeSuite(name: string, open: () => Promise<StoreHarness>): void {
  const cases = (title: string, define: typeof entryCases, feature?: keyof StoreFeatures): void => {
    describe(title, () =>
      define((behaviour, body) =>
        it(behaviour, async (t) => {
          const harness = await open();
          try {
            if (feature === undefined || harness.features[feature]) await body(harness);
            else t.diagnostic(`the store has no ${feature}`);
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
    cases('freshness', freshnessCases);
    cases('what is known without asking', lastKnownCases);
    cases('namespaces', namespaceCases);
    cases('capacity', capacityCases, 'capacity');
    cases('watching', watchCases);
    cases('the log', logCases);
  });
}
