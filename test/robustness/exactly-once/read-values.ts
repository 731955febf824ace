import type { Client } from '@grpc/grpc-js';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { textOf } from '../../support/cache-calls.ts';
import { RetryingCaller } from '../../support/retrying-caller.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import type { Changer } from './changer.ts';

/** Reads what the counters and registers of all changers hold in the store; 0 for what is not there. */
export async function readValues(
  clients: readonly Client[],
  changers: readonly Changer[],
): Promise<ReadonlyMap<string, bigint>> {
  const caller = new RetryingCaller(clients, new SeededRandom(1));
  const keys = new Set(changers.flatMap(({ sums, register }) => [...sums.keys(), register]));
  const values = new Map<string, bigint>();
  for (const key of keys) {
    const request = { key, consistency: { level: { $case: 'latest', value: {} } } } as const;
    const { result } = await caller.call(CacheServiceService.get, () => request);
    values.set(key, result?.$case === 'hit' ? BigInt(textOf(result.value)) : 0n);
  }
  return values;
}
