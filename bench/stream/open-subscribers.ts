import type { Clock } from '../../src/base/clock.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';
import { keyCount, prefixOf, type StreamLoad } from './load.ts';
import { subscribePath, subscribeRequest } from './subscribe-request.ts';
import { Receipts, Subscriber } from './subscriber.ts';
import { until } from './until.ts';

const OPEN_MS_MAX = 20_000;
/** A prefix that nobody writes keys of, a different one for each subscriber. */
const unwritten = (subscriber: number): string => `un${prefixOf(subscriber)}`;

/** Opens the subscribers of a load and waits until all streams have begun. `stack` will drop their connections. */
export async function openSubscribers(
  stack: DisposableStack,
  load: StreamLoad,
  clock: Clock,
  onEvent: (index: number) => void,
): Promise<Receipts> {
  const receipts = new Receipts();
  const connections: GrpcConnection[] = [];
  for (let n = 0; n < load.connections; n += 1) {
    connections.push(stack.adopt(await GrpcConnection.open(load), (connection) => connection.close()));
  }
  for (let subscriber = 0; subscriber < load.subscribers; subscriber += 1) {
    const listener = new Subscriber({ receipts, onEvent, expected: expectedBy(subscriber, load) });
    const request = subscribeRequest('', prefixesOf(subscriber, load));
    connections[subscriber % connections.length]!.call(subscribePath, request, listener);
  }
  await until(() => receipts.begun === load.subscribers, { what: 'all streams', msMax: OPEN_MS_MAX, clock });
  return receipts;
}

function prefixesOf(subscriber: number, { wants }: StreamLoad): readonly string[] {
  if (wants === 'all') return [];
  return [wants === 'own' ? prefixOf(subscriber) : unwritten(subscriber)];
}

/** Changes come in order: of one partition, and made over one connection. */
function expectedBy(subscriber: number, load: StreamLoad): (index: number) => number | undefined {
  if (load.readyMade) return () => undefined;
  if (load.wants === 'own') return (index) => (index * load.subscribers + subscriber) % keyCount;
  return (index) => index % keyCount;
}
