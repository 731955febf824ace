import type { Metric } from 'prom-client';
import type { Sample } from './metric-readers.ts';
import type { MetricRow } from './metric-table.ts';

/**
 * Returns a metric for the library's registry whose numbers are read when it is scraped. The registry only asks a
 * metric for `get()`, so plain counters need not be copied into the library's own, label by label and hash by hash; and
 * a histogram can be given as counts, for which the library's own class has no way.
 */
export function scrapedMetric(row: MetricRow, read: () => readonly Sample[]): Metric {
  const { name, help, type } = row;
  const metric = {
    name,
    help,
    type,
    aggregator: 'sum',
    get: async () => ({ name, help, type, aggregator: 'sum', values: read().map((sample) => value(name, sample)) }),
    reset: () => {},
  };
  // The library's type wants one of its classes, of which the registry uses no more than this.
  return metric as unknown as Metric;
}

function value(name: string, { labels, value, suffix }: Sample) {
  return { metricName: suffix === undefined ? name : `${name}${suffix}`, labels, value };
}
