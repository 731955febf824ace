import { Client, credentials } from '@grpc/grpc-js';
import {
  BatchGetRequest,
  BatchGetResponse,
  CacheServiceService,
  GetRequest,
  GetResponse,
} from '../../src/gen/reprise/v1/cache_service.ts';
import type { Hit } from '../../src/gen/reprise/v1/entry.ts';
import { getRequest, setRequest } from '../demo/remote-cache.ts';
import { createNamespace } from '../support/namespaces.ts';
import { startReprise } from '../support/reprise-server.ts';
import { callUnary } from '../support/rpc.ts';
import { type Contestant, cores, loadShape } from './contestant.ts';
import { grpcContestant } from './grpc-contestant.ts';
import { hotKey, type Scratch, workload } from './workload.ts';

/** The two calls that are measured, with the bytes an echo server needs to be their equal. */
export const repriseCalls = {
  get: {
    path: CacheServiceService.get.path,
    request: Buffer.from(GetRequest.encode(getRequest(workload.namespace, hotKey)).finish()),
  },
  batchGet: { path: CacheServiceService.batchGet.path, request: batchGetRequest() },
} as const;

/** Starts the server as it is by default, metrics on, fills it and returns it under both loads, and its address. */
export async function openReprise(
  stack: AsyncDisposableStack,
  scratch: Scratch,
): Promise<{ readonly address: string; readonly contestants: readonly Contestant[] }> {
  const server = stack.use(await startReprise({ core: cores.server, withOps: true }));
  const address = server.ready.grpc;
  await fillReprise(address);
  const common = { pid: server.pid, address, scratch };
  const get = grpcContestant({
    ...{ ...common, ...repriseCalls.get, id: 'reprise.get', title: 'Reprise Get', keysPerCall: 1 },
    ...{ shape: loadShape.get, isRight: isRightGet },
  });
  const batchGet = grpcContestant({
    ...{
      ...common,
      ...repriseCalls.batchGet,
      id: 'reprise.batchGet',
      title: 'Reprise BatchGet × 100',
      keysPerCall: 100,
    },
    ...{ shape: loadShape.batch, isRight: isRightBatchGet },
  });
  return { address, contestants: [get, batchGet] };
}

/** Creates the namespace and stores the workload. */
export async function fillReprise(address: string): Promise<void> {
  const client = new Client(address, credentials.createInsecure());
  try {
    await createNamespace(client, workload.namespace, 1 << 20);
    for (const key of workload.keys) {
      const request = setRequest(workload.namespace, key, Buffer.from(workload.value));
      await callUnary(client, CacheServiceService.set, request);
    }
  } finally {
    client.close();
  }
}

function batchGetRequest(): Buffer {
  const { namespace, keys } = workload;
  const options = { consistency: undefined, allowStale: false, withTags: false };
  return Buffer.from(BatchGetRequest.encode({ namespace, keys: [...keys], ...options }).finish());
}

/** True if these bytes are a hit with the value of the workload. */
export function isRightGet(answer: Buffer): boolean {
  const { result } = GetResponse.decode(answer);
  return result?.$case === 'hit' && holdsValue(result.value);
}

/** True if these bytes are a hit for every key of the workload. */
export function isRightBatchGet(answer: Buffer): boolean {
  const { results } = BatchGetResponse.decode(answer);
  const right = results.filter(({ result }) => result?.$case === 'hit' && holdsValue(result.value));
  return right.length === workload.keys.length;
}

function holdsValue({ content }: Hit): boolean {
  return content?.$case === 'value' && content.value.toString() === workload.value;
}
