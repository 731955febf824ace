import { until } from '../../support/until.ts';
import type { Filter } from '../history/history.ts';
import { allDone } from './all-done.ts';
import { Audience } from './audience.ts';
import { laneRandom } from './lane-random.ts';
import { everything } from './pick-filter.ts';
import type { Subscription } from './subscription.ts';
import { TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

const IDLE = 10;
const BUSY = 10;
/** Tokens that every idle subscriber waits for while the others are busy. */
const TOKENS = 4;
const CALLS = 25;

const nothing: Filter = { ...everything, keys: ['nobody'], causes: ['SET'] };

/** Subscribers who are told nothing, beside others who are told all the time: their tokens come, old and new ones'. */
export const idleNeighbours: Workload = {
  name: 'idle beside busy',
  least: { changes: 100, sessions: IDLE + BUSY, events: 500, progress: IDLE * (TOKENS - 1) },
  async run(seed) {
    await using tested = await TestedServer.start();
    using audience = await Audience.of(tested, { shared: true, progressIntervalMs: 100 });
    const traffic = new Traffic(tested);
    for (let index = 0; index < BUSY; index++) audience.subscribe(`busy ${index}`, everything);
    await audience.ready();
    const changing = async (): Promise<void> => {
      const random = laneRandom(seed, 0);
      while (!traffic.isOver) await traffic.run({ random, calls: CALLS });
    };
    await allDone([addIdle(audience, traffic).finally(() => traffic.stop()), changing()]);
    await audience.leave();
    return await tested.finish();
  },
};

async function addIdle(audience: Audience, traffic: Traffic): Promise<void> {
  const idle: Subscription[] = [];
  for (let index = 0; index < IDLE; index++) {
    await traffic.pass(10);
    idle.push(audience.subscribe(`idle ${index}`, nothing));
  }
  const allAreTold = (): boolean => idle.every(({ recorded }) => recorded.tokens >= TOKENS);
  await until(allAreTold, { what: 'progress of who is told nothing' });
}
