import { hasNewest, isAboveAll, judge, type Visibility } from '../../cache/rules/visibility.ts';
import type { ToldKeys } from '../partition-store.ts';
import type { Freshness, StoredEntry } from '../store.ts';
import type { ControlReader, ControlVerdict } from './control-reader.ts';
import type { FlightTime } from './flights.ts';
import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';

/**
 * Judges what a partition told of keys, as fresh as is asked; where there is no entry it is `visible`. The moment is that
 * of the answer, and the control position at which it was judged. See `ControlReader.verdict` for `flight`.
 *
 * @throws OperatingError STORE_UNAVAILABLE, TOKEN_UNUSABLE
 */
export async function judgeFound(
  controls: ControlReader,
  home: Home,
  view: PartitionView,
  told: ToldKeys,
  freshness: Freshness,
  flight?: FlightTime,
): Promise<ControlVerdict> {
  const own = { partition: view.partition, position: { epoch: told.chain.epoch, number: told.head } };
  const entries = told.found.flatMap(({ entry }) => entry ?? []);
  if (view === home.control) {
    return { visibilities: inPlaces(told, await judgeHere(controls, home, told, entries, flight)), moment: [own] };
  }
  const { visibilities, moment } = await controls.verdict(home, entries, freshness, flight);
  return { visibilities: inPlaces(told, visibilities), moment: [own, ...moment] };
}

/**
 * Judges what a partition told of keys by what the control partition says now, never by what this node holds; where there
 * is no entry it is `visible`. In the order of the keys.
 *
 * @throws OperatingError STORE_UNAVAILABLE
 */
export async function judgeAnew(
  controls: ControlReader,
  home: Home,
  view: PartitionView,
  told: ToldKeys,
): Promise<readonly Visibility[]> {
  const entries = told.found.flatMap(({ entry }) => entry ?? []);
  if (entries.length === 0 || (view === home.control && areAboveAll(told, entries))) {
    return told.found.map(() => 'visible');
  }
  return inPlaces(told, (await controls.verdict(home, entries, { kind: 'latest' })).visibilities);
}

/** Judges entries of the control partition itself, which needs no other answer of it if its newest watermark is known. */
async function judgeHere(
  controls: ControlReader,
  home: Home,
  told: ToldKeys,
  entries: readonly StoredEntry[],
  flight: FlightTime | undefined,
): Promise<readonly Visibility[]> {
  const { chain, newestWatermark } = told;
  if (areAboveAll(told, entries)) return entries.map(() => 'visible');
  const own = hasNewest(appliedIn(home, told), newestWatermark) ? home.watermarks.control(chain) : undefined;
  if (own !== undefined) return entries.map((entry) => judge(own, entry.stamp, entry));
  return (await controls.verdict(home, entries, { kind: 'latest' }, flight)).visibilities;
}

/** Tells whether no watermark of the control partition, which told of these entries, can cover any of them. */
function areAboveAll({ chain, newestWatermark }: ToldKeys, entries: readonly StoredEntry[]): boolean {
  return entries.every(({ stamp }) => isAboveAll(chain, newestWatermark, stamp));
}

/** How far the tail of the control partition has come in the history that an answer is of. */
function appliedIn({ control }: Home, { chain }: ToldKeys): number {
  return control.chain?.epoch === chain.epoch ? control.applied : -1;
}

/** Puts what was judged of the entries in the places of what was found. */
function inPlaces({ found }: ToldKeys, ofEntries: readonly Visibility[]): Visibility[] {
  const next = ofEntries.values();
  return found.map(({ entry }) => (entry === undefined ? 'visible' : next.next().value!));
}
