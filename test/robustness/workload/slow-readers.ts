import type { SeededRandom } from '../../support/seeded-random.ts';
import type { Filter } from '../history/history.ts';
import { allDone } from './all-done.ts';
import { Audience } from './audience.ts';
import { laneRandoms } from './lane-random.ts';
import { everything } from './pick-filter.ts';
import { FLOOD_ORIGIN, manyKeys, manyTags, sameKeys, sameWide } from './pick-flood.ts';
import type { MutationPlan } from './pick-mutation.ts';
import { TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

const CALLERS = 2;
const FLOOD_CALLS = 35;
const KEY_CALLS = 70;
const WIDE_CALLS = 80;

const onlyKeys: Filter = { ...everything, causes: ['SET', 'TOUCH', 'DELETE', 'KEY'] };
const onlyWide: Filter = { ...everything, causes: ['TAG', 'PREFIX', 'NAMESPACE'], origin: FLOOD_ORIGIN };

/**
 * One reader stops, one stops for a while, one reads only of the same keys and one only of the same tags: these can be
 * told in fewer words. The others read on, nobody waits, and who comes late is told all of it.
 */
export const slowReaders: Workload = {
  name: 'slow readers',
  least: {
    ...{ changes: 18_000, sessions: 8, events: 60_000, stalls: 4, slowResets: 2, replayed: 8000 },
    ...{ coalesced: 500, coalescedWide: 500 },
  },
  async run(seed) {
    await using tested = await TestedServer.start();
    using audience = await Audience.of(tested, { shared: false, progressIntervalMs: 100 });
    const traffic = new Traffic(tested);
    const callers = laneRandoms(seed, CALLERS);
    const callAll = async (calls: number, pick: (random: SeededRandom) => MutationPlan): Promise<void> => {
      await allDone(callers.map((random) => traffic.run({ random, calls, pick, namespaces: ['default'] })));
    };
    const reading = ['reader 1', 'reader 2'].map((name) => audience.subscribe(name, everything));
    const [stopped, slow] = [audience.subscribe('stopped', everything), audience.subscribe('slow', everything)];
    const ofKeys = audience.subscribe('slow reader of keys', onlyKeys);
    const ofWide = audience.subscribe('slow reader of tags', onlyWide);
    await audience.ready();
    // More than one message holds, so that even who is up to date must read the log. Not while somebody stalls: the log
    // would keep for him what his queue can't.
    await callAll(1, manyKeys);
    const beginning = { resumeToken: ofKeys.recorded.newest?.token ?? '' };
    for (const each of [stopped, slow, ofKeys, ofWide]) each.stall();
    await callAll(FLOOD_CALLS, manyTags);
    await callAll(KEY_CALLS, sameKeys);
    slow.readOn();
    await slow.caughtUp();
    await callAll(WIDE_CALLS, sameWide);
    audience.subscribe('late', everything, beginning);
    audience.subscribe('late reader of keys', onlyKeys, beginning);
    await callAll(KEY_CALLS / 4, sameKeys);
    await Promise.all(reading.map((each) => each.caughtUp()));
    for (const each of [stopped, ofKeys, ofWide]) each.readOn();
    await callAll(1, manyKeys);
    await audience.leave();
    return await tested.finish();
  },
};
