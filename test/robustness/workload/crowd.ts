import { until } from '../../support/until.ts';
import { allDone } from './all-done.ts';
import { Audience } from './audience.ts';
import { laneRandom, laneRandoms } from './lane-random.ts';
import { NAMESPACES } from './names.ts';
import { pickFilter } from './pick-filter.ts';
import { TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

/** Streams of one connection: the server allows 250 calls. */
const SUBSCRIPTIONS = 240;
const CALLERS = 4;
const CALLS = 40;

/** Hundreds of subscriptions on one connection: none is forgotten, with traffic and without. */
export const crowd: Workload = {
  name: 'crowd on one connection',
  least: { changes: 150, sessions: SUBSCRIPTIONS, events: 10_000, progress: SUBSCRIPTIONS },
  async run(seed) {
    await using tested = await TestedServer.start();
    using audience = await Audience.of(tested, { shared: true, progressIntervalMs: 1000 });
    const random = laneRandom(seed, CALLERS);
    for (let index = 0; index < SUBSCRIPTIONS; index++) {
      audience.subscribe(`subscriber ${index}`, pickFilter(random), { namespace: random.pick(NAMESPACES) });
    }
    await audience.ready();
    const traffic = new Traffic(tested);
    const callers = laneRandoms(seed, CALLERS);
    await allDone(callers.map((caller) => traffic.run({ random: caller, calls: CALLS })));
    await Promise.all(audience.subscriptions.map((each) => each.caughtUp()));
    const told = audience.subscriptions.map(({ recorded }) => recorded.tokens);
    const allHearMore = (): boolean =>
      audience.subscriptions.every(({ recorded }, index) => recorded.tokens > told[index]!);
    await until(allHearMore, { what: 'progress of every one' });
    await audience.leave();
    return await tested.finish();
  },
};
