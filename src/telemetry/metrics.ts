import { setImmediate as nextTurn } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { limits } from '../base/limits.ts';
import { metricReaders, type Sample, type Snapshot } from './metric-readers.ts';
import type { MetricSources } from './metric-sources.ts';
import { type MetricKey, metricTable } from './metric-table.ts';
import { scrapedMetric } from './scraped-metric.ts';

/** The server's metrics as text for Prometheus. */
export interface Metrics {
  /** Media type of the text. */
  readonly contentType: string;
  /** Returns the text. Calls at the same time share one. */
  render(): Promise<string>;
}

/** How metrics are made. */
export interface MetricsOptions {
  /** Show the library's metrics of the process too: event loop, heap, collector. Default true. */
  readonly ofProcess?: boolean;
}

/** Creates the registry of all metrics in the table, read from their sources with each scrape. */
export function createMetrics(sources: MetricSources, { ofProcess = true }: MetricsOptions = {}): Metrics {
  const registry = new Registry();
  let snapshot: Snapshot = { sources, namespaces: [] };
  for (const key of Object.keys(metricTable) as MetricKey[]) {
    registry.registerMetric(scrapedMetric(metricTable[key], (): Sample[] => metricReaders[key](snapshot)));
  }
  if (ofProcess) collectDefaultMetrics({ register: registry });
  const scrape = async (): Promise<string> => {
    snapshot = { sources, namespaces: (await sources.namespaces()).slice(0, limits.namespacesMax) };
    return renderInTurns(registry);
  };
  let running: Promise<string> | undefined;
  return {
    contentType: registry.contentType,
    render() {
      running ??= scrape().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

// One metric a turn of the event loop. Plain form: registry.metrics(), which with a thousand namespaces keeps every
// call waiting until all is written.
async function renderInTurns(registry: Registry): Promise<string> {
  const blocks: string[] = [];
  for (const { name } of registry.getMetricsAsArray()) {
    blocks.push(await registry.getSingleMetricAsString(name));
    await nextTurn();
  }
  return `${blocks.join('\n\n')}\n`;
}
