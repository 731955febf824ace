import { judgeAgainst, type Visibility } from '../../cache/rules/visibility.ts';
import type { Found, Told } from '../partition-store.ts';
import type { Freshness } from '../store.ts';
import type { ControlReader, ControlVerdict } from './control-reader.ts';
import type { FlightTime } from './flights.ts';
import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';

/** What a partition told of keys. */
interface ToldKeys extends Told {
  readonly found: readonly Found[];
}

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
  if (view === home.control) return { visibilities: judgeBySelf(told), moment: [own] };
  const entries = told.found.flatMap(({ entry }) => entry ?? []);
  const verdict = await controls.verdict(home, entries, freshness, flight);
  const ofEntries = verdict.visibilities.values();
  const visibilities = told.found.map(({ entry }) => (entry === undefined ? 'visible' : ofEntries.next().value!));
  return { visibilities, moment: [own, ...verdict.moment] };
}

function judgeBySelf({ chain, found }: ToldKeys): Visibility[] {
  return found.map(({ entry, covering }) =>
    entry === undefined ? 'visible' : judgeAgainst(chain, covering, entry.stamp),
  );
}
