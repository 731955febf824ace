import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { freePort, startProcess, waitForPort } from '../support/processes.ts';
import { type Contestant, compiledAhead, cores, loadShape } from './contestant.ts';
import { callOnce, grpcContestant } from './grpc-contestant.ts';
import { hotKey, type Scratch, workload } from './workload.ts';

/** Field numbers of etcd's rpc.proto and kv.proto, as far as they are used. */
const fields = {
  range: { key: 1, serializable: 7, kvs: 2 },
  put: { key: 1, value: 2 },
  keyValue: { value: 5 },
} as const;

/** Starts etcd, stores one key and returns its serializable Range: read from memory, without a round of consensus. */
export async function openEtcd(stack: AsyncDisposableStack, scratch: Scratch): Promise<Contestant> {
  const [port, peerPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const urls = [
    ...['--listen-client-urls', `http://${address}`, '--advertise-client-urls', `http://${address}`],
    ...['--listen-peer-urls', `http://127.0.0.1:${peerPort}`],
  ];
  const options = ['--data-dir', `${scratch.path}/etcd`, '--log-level', 'error', ...urls];
  const command = ['env', 'GOMAXPROCS=1', 'etcd', ...options];
  const server = stack.use(await startProcess({ command, core: cores.server, readyCheck: () => waitForPort(port) }));
  await callOnce({ address, path: '/etcdserverpb.KV/Put', request: putRequest() });
  const contestant = grpcContestant({
    ...{ id: 'etcd.range', title: 'etcd serializable Range', pid: server.pid, address, keysPerCall: 1 },
    ...{ path: '/etcdserverpb.KV/Range', request: rangeRequest(), shape: loadShape.get, scratch },
    isRight: (answer) => valueOfRange(answer) === workload.value,
  });
  return { ...contestant, ...compiledAhead };
}

function putRequest(): Buffer {
  const writer = new BinaryWriter().uint32((fields.put.key << 3) | 2).string(hotKey);
  return Buffer.from(
    writer
      .uint32((fields.put.value << 3) | 2)
      .string(workload.value)
      .finish(),
  );
}

function rangeRequest(): Buffer {
  const writer = new BinaryWriter().uint32((fields.range.key << 3) | 2).string(hotKey);
  return Buffer.from(
    writer
      .uint32(fields.range.serializable << 3)
      .bool(true)
      .finish(),
  );
}

function valueOfRange(answer: Buffer): string | undefined {
  const keyValue = bytesField(answer, fields.range.kvs);
  return keyValue === undefined ? undefined : bytesField(keyValue, fields.keyValue.value)?.toString();
}

function bytesField(message: Uint8Array, wanted: number): Buffer | undefined {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === wanted) return Buffer.from(reader.bytes());
    reader.skip(wireType);
  }
  return undefined;
}
