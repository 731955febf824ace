import type { Position } from '../../../src/cache/rules/position.ts';
import type { Visibility } from '../../../src/cache/rules/visibility.ts';
import { call } from '../network.ts';
import type { StoredRecord } from '../store/op.ts';
import { coveringScript, type ReadReply } from '../store/read-scripts.ts';
import type { Token } from '../tokens.ts';
import { firstFault } from '../tokens.ts';
import type { World } from '../world.ts';
import type { SimNode } from './node.ts';
import { ownControl } from './view.ts';

/** What the control partition says of a read. */
export type ControlVerdict =
  | {
      readonly kind: 'judged';
      readonly verdict: Visibility;
      /** Control position at which it was judged. */
      readonly control: Position;
    }
  | { readonly kind: 'token-unusable' | 'unavailable' };

/** What was read, and the read that others may join. */
export interface Judging {
  readonly key: string;
  readonly record: StoredRecord | undefined;
  readonly tokens: readonly Token[];
  /** Made as old as what it is judged by, before anybody joins who wants it younger. */
  readonly flight: { asOfMs: number };
  /** The answer, if it is the control partition's own. */
  readonly here: ReadReply | undefined;
}

/**
 * Judges a record (or a miss, which only needs a control position): by the node's own table while the permit holds, it
 * knows the stamp's epoch and has reached the tokens; else the control partition is asked.
 */
export function judgeByControl(
  world: World,
  node: SimNode,
  judging: Judging,
  done: (verdict: ControlVerdict) => void,
): void {
  const { record, tokens, here } = judging;
  if (here !== undefined) {
    const verdict = judgeHere(world, node, here);
    if (verdict === undefined) askControl(world, node, judging, done);
    else done({ kind: 'judged', verdict, control: here.head });
    return;
  }
  const view = node.views[world.control]!;
  const control = ownControl(world, view);
  if (control !== undefined) {
    const { chain } = control;
    const known = record === undefined || world.rules.canJudge(chain, record.stamp);
    const place = { partition: view.partition, chain, head: view.applied };
    if (known && firstFault(world, tokens, [place]) === undefined) {
      const verdict = record === undefined ? 'visible' : world.rules.judge(control, record.stamp, record);
      const position = { epoch: chain.epoch, number: view.applied };
      done({ kind: 'judged', verdict, control: position });
      return;
    }
  }
  askControl(world, node, judging, done);
}

/** Judges what the control partition itself holds, if that needs no other answer of it. */
function judgeHere(world: World, node: SimNode, { record, chain, newestWatermark }: ReadReply): Visibility | undefined {
  const { rules, situations } = world;
  if (record === undefined || rules.isAboveAll(chain, newestWatermark, record.stamp)) return 'visible';
  const view = node.views[world.control]!;
  if (view.chain?.epoch !== chain.epoch || view.table?.epoch !== chain.epoch) return undefined;
  if (!rules.hasNewest(view.applied, newestWatermark)) return undefined;
  situations.met('an entry judged by a table that has the newest watermark');
  return rules.judge({ chain, watermarks: view.table.watermarks }, record.stamp, record);
}

function askControl(
  world: World,
  node: SimNode,
  { key, record, tokens, flight }: Judging,
  done: (verdict: ControlVerdict) => void,
): void {
  const { rules, control, nowMs } = world;
  const proof = node.proofs[control];
  if (!rules.mayReadThrough(proof, node.links[control]!.id, nowMs, world.maxLagMs)) {
    done({ kind: 'unavailable' });
    return;
  }
  world.situations.met('a stamp judged by the control partition');
  flight.asOfMs = rules.askedAsOfMs(flight.asOfMs, proof?.provenAtMs ?? nowMs);
  call(
    world,
    node,
    control,
    (server) => coveringScript(world, server, record ?? { key, tags: [] }),
    ({ chain, head, covering }) => {
      const fault = firstFault(world, tokens, [{ partition: control, chain, head: head.number }]);
      if (fault !== undefined) return done({ kind: 'token-unusable' });
      const verdict = record === undefined ? 'visible' : rules.judgeAgainst(chain, covering, record.stamp);
      done({ kind: 'judged', verdict, control: head });
    },
  );
}
