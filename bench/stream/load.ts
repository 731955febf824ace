/** Which changes a subscriber asks for: all, those of a prefix that is his alone, or those of one that nobody writes. */
export type Wants = 'all' | 'own' | 'none';

/** How changes are made: the next one when one is answered, so many under way; or so many a second. */
export type Writing =
  | { readonly kind: 'closedLoop'; readonly inFlight: number }
  | { readonly kind: 'paced'; readonly changesPerSecond: number };

/** A load of one writer and its subscribers, all in one process so that one clock times a change and its receipt. */
export interface StreamLoad {
  /** `127.0.0.1:PORT`. */
  readonly address: string;
  /** Process whose CPU time is counted. */
  readonly serverPid: number;
  readonly subscribers: number;
  /** Connections that the subscribers share. */
  readonly connections: number;
  readonly wants: Wants;
  readonly writing: Writing;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  /** The server sends events made beforehand: they are counted, and name no change. */
  readonly readyMade: boolean;
}

/** What one load measured, from the end of its warm-up on. */
export interface StreamSample {
  readonly seconds: number;
  /** Changes that were answered. */
  readonly changes: number;
  /** Events that arrived, of all subscribers together. */
  readonly deliveries: number;
  /** Messages that they came in. */
  readonly messages: number;
  readonly serverCpuUs: number;
  /** Share of its core that the load itself took: near 1 it is the load that is measured. */
  readonly loadCpuShare: number;
  /** Times from sending a change to each of its receipts; zeros if none arrived. */
  readonly latency: { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number };
}

/** Keys that are written in turn: few enough that the store never evicts, more than may wait for one subscriber. */
export const keyCount = 10_000;

/** Returns how many subscribers a change is delivered to. */
export function receiversOf({ wants, subscribers }: Pick<StreamLoad, 'wants' | 'subscribers'>): number {
  if (wants === 'none') return 0;
  return wants === 'own' ? Math.min(1, subscribers) : subscribers;
}

/** Returns the key of a change, 16 bytes. It ends with a number. */
export function keyOf(change: number, { wants, subscribers }: Pick<StreamLoad, 'wants' | 'subscribers'>): string {
  const number = change % keyCount;
  if (wants !== 'own') return `change:${digits(number, 9)}`;
  return `${prefixOf(change % subscribers)}${digits(number, 10)}`;
}

/** Returns the prefix that is one subscriber's own. */
export function prefixOf(subscriber: number): string {
  return `s${digits(subscriber, 4)}:`;
}

function digits(number: number, count: number): string {
  return number.toString().padStart(count, '0');
}
