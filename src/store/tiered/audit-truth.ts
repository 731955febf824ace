import type { Clock } from '../../base/clock.ts';
import { isAboveAll, type Visibility } from '../../cache/rules/visibility.ts';
import type { PartitionStore, ToldKeys } from '../partition-store.ts';
import type { Truth } from './compare-served.ts';
import type { ControlReader } from './control-reader.ts';
import type { Home } from './home.ts';
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
  const visibilities = (await visibilitiesOf(parts.controls, home, view, told)).values();
  const { chain, head, nowMs } = told;
  return told.found.map((found) => {
    const visibility = found.entry === undefined ? 'visible' : visibilities.next().value!;
    return { chain, head, nowMs, found, visibility };
  });
}

/** Of the entries that were found, in their order. */
async function visibilitiesOf(
  controls: ControlReader,
  home: Home,
  view: PartitionView,
  { found, chain, newestWatermark }: ToldKeys,
): Promise<readonly Visibility[]> {
  const entries = found.flatMap(({ entry }) => entry ?? []);
  const uncovered = view === home.control && entries.every(({ stamp }) => isAboveAll(chain, newestWatermark, stamp));
  if (uncovered || entries.length === 0) return entries.map(() => 'visible');
  return (await controls.verdict(home, entries, { kind: 'latest' })).visibilities;
}
