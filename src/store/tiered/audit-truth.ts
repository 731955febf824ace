import type { Clock } from '../../base/clock.ts';
import type { PartitionStore } from '../partition-store.ts';
import type { Truth } from './compare-served.ts';
import type { ControlReader } from './control-reader.ts';
import type { Home } from './home.ts';
import { judgeAnew } from './judge-found.ts';
import type { PartitionView } from './partition-view.ts';
import { askProven } from './proven.ts';

/** What the primary is asked with. */
export interface TruthParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly controls: ControlReader;
  readonly proofAgeMsMax: number;
}

/**
 * Asks the primary in force for keys of one partition, and judges them by the watermarks that it has now: never by what
 * this node holds itself, which is what is audited. In the order of the keys.
 *
 * @throws OperatingError STORE_UNAVAILABLE
 */
export async function readTruths(
  parts: TruthParts,
  home: Home,
  view: PartitionView,
  keys: readonly string[],
): Promise<readonly Truth[]> {
  const { partitions, clock, proofAgeMsMax } = parts;
  const question = { sentAtMs: clock.monotonicMs(), proofAgeMsMax };
  const told = await askProven(view, question, () => partitions.read(view.partition, home.id, keys));
  const visibilities = await judgeAnew(parts.controls, home, view, told);
  const { chain, head, nowMs } = told;
  return told.found.map((found, index) => ({ chain, head, nowMs, found, visibility: visibilities[index]! }));
}
