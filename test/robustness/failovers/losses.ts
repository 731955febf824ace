import { OperatingError } from '../../../src/base/operating-error.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import type { PartitionStore } from '../../../src/store/partition-store.ts';
import { refOf } from '../../suite/store/store-harness.ts';
import { until } from '../../support/until.ts';
import type { TestedNode } from './tested-node.ts';
import { untilAnswered } from './until-answered.ts';
import type { Acknowledged } from './writer.ts';

/** What became of writes that had been acknowledged. */
export interface Losses {
  readonly lost: readonly Acknowledged[];
  /** Those of the lost that a node did not tell: not by a new epoch, or not by refusing the write's token. */
  readonly untold: number;
  /** Nodes that refused the token of the newest write of a partition, although it was kept. */
  readonly wronglyRefused: number;
}

const PAGE_CHANGES = 500;

const TOLD_WITHIN_MS = 30_000;

/**
 * Judges acknowledged writes by the logs of the primaries in force: what is not in them is lost. `primaries` asks those
 * over a link that no failover has touched.
 */
export async function judgeLosses(
  acknowledged: readonly Acknowledged[],
  primaries: PartitionStore,
  nodes: readonly TestedNode[],
  toldWithinMs = TOLD_WITHIN_MS,
): Promise<Losses> {
  const lost: Acknowledged[] = [];
  let wronglyRefused = 0;
  for (const [partition, writes] of Map.groupBy(acknowledged, partitionOf)) {
    const logged = await readNames(primaries, partition, writes);
    const isLost = (write: Acknowledged): boolean => !logged.has(nameOf(write.change));
    lost.push(...writes.filter(isLost));
    const kept = writes.findLast((write) => !isLost(write));
    if (kept !== undefined) wronglyRefused += await countOf(nodes, (node) => refusesToken(node, kept));
  }
  const untold = await countOf(
    lost,
    async (write) => (await countOf(nodes, (node) => told(node, write, toldWithinMs))) < nodes.length,
  );
  return { lost, untold, wronglyRefused };
}

function partitionOf({ change }: Acknowledged): Partition {
  return change.moment[0]!.partition;
}

function nameOf({ position }: Pick<Acknowledged['change'], 'position'>): string {
  return `${position.epoch} ${position.number}`;
}

async function readNames(
  primaries: PartitionStore,
  partition: Partition,
  writes: readonly Acknowledged[],
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let after = Math.min(...writes.map(({ change }) => change.position.number)) - 1;
  for (;;) {
    const from = after;
    const { changes } = await untilAnswered(() => primaries.changesSince(partition, from, PAGE_CHANGES));
    for (const change of changes) names.add(nameOf(change));
    const last = changes.at(-1);
    if (last === undefined) return names;
    after = last.position.number;
  }
}

/** Waits for it: a node may be a moment behind whoever was asked what is lost. */
async function told(node: TestedNode, write: Acknowledged, withinMs: number): Promise<boolean> {
  const { epoch, number } = write.change.position;
  const partition = partitionOf(write);
  const ended = (): boolean =>
    node.ends.some((end) => end.partition === partition && end.epoch === epoch && end.kept < number);
  const tells = async (): Promise<boolean> => (ended() || !node.followed(epoch)) && (await refusesToken(node, write));
  return until(tells, { withinMs }).then(
    () => true,
    () => false,
  );
}

async function refusesToken({ store }: TestedNode, { key, change: { moment } }: Acknowledged): Promise<boolean> {
  let refused = false;
  const answered = async (): Promise<boolean> => {
    try {
      await store.read(refOf(key), { kind: 'at-least', moment });
      return true;
    } catch (failure) {
      if (!(failure instanceof OperatingError)) throw failure;
      refused = failure.reason === 'TOKEN_UNUSABLE';
      return refused;
    }
  };
  await until(answered, { withinMs: 30_000, what: 'the answer to a token' });
  return refused;
}

async function countOf<T>(all: readonly T[], holds: (each: T) => Promise<boolean>): Promise<number> {
  const held = await Promise.all(all.map(holds));
  return held.filter(Boolean).length;
}
