import { allDone } from './all-done.ts';
import { Audience, type AudienceOptions } from './audience.ts';
import { laneRandom } from './lane-random.ts';
import { everything } from './pick-filter.ts';
import { longTags } from './pick-flood.ts';
import { TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

const STOPPED = 3;
/** Calls whose events fill what lies between the server and who does not read: not even GoingAway gets through. */
const FLOOD_CALLS = 50;

const options: AudienceOptions = { shared: false, progressIntervalMs: 100 };

/**
 * Readers have stopped when the server is started again: they don't keep it from going, which `restart` bounds, and go on
 * with their tokens.
 */
export const unreadRestart: Workload = {
  name: 'restart unread',
  least: {
    ...{ changes: 4000, sessions: 2 * STOPPED + 1, stalls: STOPPED, restarts: 1, farewells: 1 },
    // What they could not be told before the restart.
    ...{ resumed: STOPPED, replayed: 1000 * STOPPED },
  },
  async run(seed) {
    await using tested = await TestedServer.start();
    const traffic = new Traffic(tested);
    using before = await Audience.of(tested, options);
    const names = Array.from({ length: STOPPED }, (_, index) => `stopped ${index}`);
    const stopped = names.map((name) => before.subscribe(name, everything));
    before.subscribe('reader', everything);
    await before.ready();
    for (const each of stopped) each.stall();
    const calls = { random: laneRandom(seed, 0), calls: FLOOD_CALLS, pick: longTags, namespaces: ['default'] };
    await traffic.run(calls);
    await tested.restart('same store');
    for (const each of stopped) each.readOn();
    await allDone(before.subscriptions.map((each) => each.ended()));
    using after = await Audience.of(tested, options);
    for (const { recorded } of stopped) {
      const { subscriber } = recorded.session();
      after.subscribe(subscriber, everything, { resumeToken: recorded.newest?.token ?? '' });
    }
    await after.leave();
    return await tested.finish();
  },
};
