import type { StreamLoad, Wants, Writing } from './load.ts';

/** One thing that is measured of the stream. */
export interface Scenario {
  /** As in `fanOut.1000`; a server's id before it names the figures. */
  readonly id: string;
  readonly title: string;
  readonly shape: Pick<StreamLoad, 'subscribers' | 'connections' | 'wants' | 'writing'>;
  /** Also measured on the floor, which knows no filters. */
  readonly hasFloor: boolean;
}

/** Sets under way at the same time when the server is to be busy: as many on its one connection as unary gets have. */
const saturating: Writing = { kind: 'closedLoop', inFlight: 32 };
const oneByOne: Writing = { kind: 'closedLoop', inFlight: 1 };
/** Subscribers on one connection, a little below what the server allows. */
const STREAMS_PER_CONNECTION = 200;

/** All that is measured, in this order. */
export const scenarios: readonly Scenario[] = [
  toAll('fanOut.1', '1 subscriber', 1, saturating),
  toAll('fanOut.100', '100 subscribers', 100, saturating),
  toAll('fanOut.1000', '1000 subscribers', 1000, saturating),
  toAll('fanOut.1000.oneByOne', '1000 subscribers, one change at a time', 1000, oneByOne),
  toAll('fanOut.1000.alone', '1000 subscribers, a connection each', 1000, saturating, 1000),
  byPrefix('set.nobody', 'Set, nobody listens', 0, 'none'),
  byPrefix('set.unwanted', 'Set, 1000 listen to other prefixes', 1000, 'none'),
  byPrefix('set.own', 'Set, 1 of 1000 listens to its prefix', 1000, 'own'),
  toAll('latency.1', '1000 changes/s to 1 subscriber', 1, { kind: 'paced', changesPerSecond: 1000 }),
  toAll('latency.100', '1000 changes/s to 100 subscribers', 100, { kind: 'paced', changesPerSecond: 1000 }),
  toAll('latency.1000', '100 changes/s to 1000 subscribers', 1000, { kind: 'paced', changesPerSecond: 100 }),
];

/** The load that makes a server's code compiled before anything is measured. */
export const warmUp: Scenario = toAll('warmUp', 'warm-up', 100, saturating);

function toAll(
  id: string,
  title: string,
  subscribers: number,
  writing: Writing,
  connections = Math.ceil(subscribers / STREAMS_PER_CONNECTION),
): Scenario {
  return { id, title, shape: { subscribers, connections, wants: 'all', writing }, hasFloor: true };
}

function byPrefix(id: string, title: string, subscribers: number, wants: Wants): Scenario {
  const connections = Math.ceil(subscribers / STREAMS_PER_CONNECTION);
  return { id, title, shape: { subscribers, connections, wants, writing: saturating }, hasFloor: false };
}
