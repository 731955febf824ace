import type { Partition, Position } from '../../cache/rules/position.ts';
import type { RegisteredNode, Registration, ToldNodes } from '../partition-store.ts';
import type { PartitionCalls } from './partition-calls.ts';
import { partitionScripts } from './partition-scripts.ts';
import {
  EPOCH_BYTES,
  NO_POSITION,
  NUMBER_BYTES,
  POSITION_BYTES,
  packNumber,
  packPosition,
  readEpoch,
  readNumber,
  readPosition,
} from './position-codec.ts';
import { packAsked } from './ring-codec.ts';

/** The field of the list that is no node; ids of nodes are hexadecimal digits. */
const SINCE = 'since';

/** Where the parts of a registration lie, behind the time that the script puts in front. */
const TRUSTED_AT = NUMBER_BYTES;
const APPLIED_AT = TRUSTED_AT + NUMBER_BYTES;
const STREAMED_AT = APPLIED_AT + POSITION_BYTES;
const NAME_AT = STREAMED_AT + POSITION_BYTES;

/** Packs what a node registers, as `scripts/beat.lua` takes it. */
export function packRegistration({ name, trustedMs, applied, streamed }: Registration): Buffer {
  return Buffer.concat([
    packNumber(Math.ceil(trustedMs)),
    applied === undefined ? NO_POSITION : packPosition(applied),
    streamed === undefined ? NO_POSITION : packPosition(streamed),
    Buffer.from(name, 'utf8'),
  ]);
}

/**
 * Lists the nodes of a partition, without those that are remembered no more: the script drops them only when another one
 * comes. @param memoryMs milliseconds for which a silent node is remembered, or for as long as it may be trusted
 */
export async function readNodes(calls: PartitionCalls, partition: Partition, memoryMs: number): Promise<ToldNodes> {
  const { meta, nodes } = calls.keys(partition);
  const { told, parts } = await calls.ask(partition, { script: partitionScripts.nodes, keys: [meta, nodes], args: [] });
  const fields = fieldsOf(parts[0] as readonly Buffer[]);
  const since = fields.get(SINCE);
  const inEpoch = since !== undefined && readEpoch(since) === told.chain.epoch;
  const ageOf = (bytes: Buffer, at: number): number => (inEpoch ? Math.max(0, told.nowMs - readNumber(bytes, at)) : 0);
  const listed = [...fields].filter(([id]) => id !== SINCE).map(([id, bytes]) => readNode(id, bytes, ageOf(bytes, 0)));
  return {
    ...told,
    nodes: listed.filter(({ silentMs, trustedMs }) => silentMs <= Math.max(memoryMs, trustedMs)),
    listAgeMs: since === undefined ? 0 : ageOf(since, EPOCH_BYTES),
  };
}

/** Rings so that nodes register now. */
export async function askNodes(calls: PartitionCalls, partition: Partition): Promise<void> {
  const { meta, bell } = calls.keys(partition);
  await calls.ask(partition, { script: partitionScripts.askNodes, keys: [meta, bell], args: [packAsked()] });
}

/** Takes a node off the list, on the connection of its heartbeats: none of them comes later. */
export async function removeNode(calls: PartitionCalls, partition: Partition, id: string): Promise<void> {
  const { meta, nodes } = calls.keys(partition);
  const call = { script: partitionScripts.leave, keys: [meta, nodes], args: [id] };
  await calls.ask(partition, { ...call, lane: 'heartbeat' });
}

function fieldsOf(flat: readonly Buffer[]): Map<string, Buffer> {
  const fields = new Map<string, Buffer>();
  for (let i = 0; i < flat.length; i += 2) fields.set(flat[i]!.toString('utf8'), flat[i + 1]!);
  return fields;
}

function readNode(id: string, bytes: Buffer, silentMs: number): RegisteredNode {
  return {
    id,
    name: bytes.toString('utf8', NAME_AT),
    applied: positionAt(bytes, APPLIED_AT),
    streamed: positionAt(bytes, STREAMED_AT),
    silentMs,
    trustedMs: readNumber(bytes, TRUSTED_AT),
  };
}

function positionAt(bytes: Buffer, at: number): Position | undefined {
  const position = readPosition(bytes, at);
  return position.number === 0 ? undefined : position;
}
