import { Client, credentials } from '@grpc/grpc-js';
import type { GetRequest, GetResponse } from '../../src/gen/reprise/v1/cache_service.ts';
import type { Condition } from '../../src/gen/reprise/v1/entry.ts';
import { type CacheCalls, cacheCalls, onlyIf, seconds } from './cache-calls.ts';
import { call } from './call.ts';
import { roomyChannel, type TestServer } from './test-server.ts';
import { until } from './until.ts';

/** A wish for a lease, times in seconds. Without `waitS` the caller does not wait. */
export function leaseOf({ holdS = 10, waitS = 0 } = {}): Pick<GetRequest, 'lease'> {
  return { lease: { hold: seconds(holdS), wait: seconds(waitS) } };
}

/** Returns the id of the lease that an answer offers; fails if it offers none. */
export function leaseIn(answer: NonNullable<GetResponse['result']>): string {
  if (answer.value.lease === undefined) throw new Error(`the ${answer.$case} offers no lease`);
  return answer.value.lease.id;
}

/** Asks to be the one who fills a key, and is. */
export async function takeLease(cache: CacheCalls, key: string, holdS = 10): Promise<string> {
  return leaseIn(await cache.get(key, leaseOf({ holdS })));
}

/** The condition that a lease is valid. */
export function underLease(id: string): { condition: Condition } {
  return { condition: onlyIf({ $case: 'leaseId', value: id }) };
}

/** Counts how often a server's callers were told that somebody else holds the lease: those that wait then wait. */
export function countHeld(server: TestServer): { readonly held: number; reached(count: number): Promise<void> } {
  const { store } = server;
  const acquire = store.acquireLease.bind(store);
  let held = 0;
  store.acquireLease = (wish) => {
    const answer = acquire(wish);
    if (answer.kind === 'held') held++;
    return answer;
  };
  return {
    get held() {
      return held;
    },
    reached: (count) => until(() => held >= count, { what: `${count} callers that wait` }),
  };
}

/** Clients of a server, each on a connection of its own. */
export interface ManyClients extends Disposable {
  readonly clients: readonly Client[];
  /** The calls over each connection. */
  readonly caches: readonly CacheCalls[];
}

/** Opens connections to a server. */
export function connectMany(address: string, count: number): ManyClients {
  const options = { ...roomyChannel, 'grpc.use_local_subchannel_pool': 1 };
  const clients = Array.from({ length: count }, () => new Client(address, credentials.createInsecure(), options));
  return {
    clients,
    caches: clients.map((client) =>
      cacheCalls({ call: (method, request, calling) => call(client, method, request, calling) }),
    ),
    [Symbol.dispose]: () => {
      for (const client of clients) client.close();
    },
  };
}
