import { median } from '../support/medians.ts';
import type { StreamSample } from './load.ts';
import type { StreamMeasured } from './measure.ts';

/** Says one number of a sample. */
export type StreamNumber = (sample: StreamSample) => number;

/** The numbers that are told. */
export const numberOf = {
  deliveriesPerSecond: ({ deliveries, seconds }) => deliveries / seconds,
  deliveriesPerCpuSecond: ({ deliveries, serverCpuUs }) => (deliveries * 1e6) / serverCpuUs,
  cpuUsPerDelivery: ({ serverCpuUs, deliveries }) => serverCpuUs / deliveries,
  changesPerSecond: ({ changes, seconds }) => changes / seconds,
  eventsPerMessage: ({ deliveries, messages }) => deliveries / messages,
  cpuUsPerMessage: ({ serverCpuUs, messages }) => serverCpuUs / messages,
  cpuUsPerChange: ({ serverCpuUs, changes }) => serverCpuUs / changes,
  serverCpuShare: ({ serverCpuUs, seconds }) => serverCpuUs / (seconds * 1e6),
  loadCpuShare: ({ loadCpuShare }) => loadCpuShare,
  p50Ms: ({ latency }) => latency.p50Ms,
  p99Ms: ({ latency }) => latency.p99Ms,
} as const satisfies Readonly<Record<string, StreamNumber>>;

/** Returns the median over launches. */
export function medianOf({ samples }: StreamMeasured, of: StreamNumber): number {
  return median(samples.map(of));
}

/** Returns the median over launches of the quotient of two that ran in the same launch. */
export function medianRatio(over: StreamMeasured, under: StreamMeasured, of: StreamNumber): number {
  return median(over.samples.map((sample, launch) => of(sample) / of(under.samples[launch]!)));
}

/** Returns the smallest of all samples: the one that noise added least to. */
export function leastOf({ samples }: StreamMeasured, of: StreamNumber): number {
  return Math.min(...samples.map(of));
}

/** Returns how far the launches lie apart, as a share of their median. */
export function spreadOf({ samples }: StreamMeasured, of: StreamNumber): number {
  const values = samples.map(of);
  return (Math.max(...values) - Math.min(...values)) / median(values);
}
