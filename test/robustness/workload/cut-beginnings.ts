import { Client, credentials } from '@grpc/grpc-js';
import { TcpProxy } from '../faults/tcp-proxy.ts';
import { cutOff } from './cut-off.ts';
import { laneRandom } from './lane-random.ts';
import { everything } from './pick-filter.ts';
import { ownConnection } from './subscriber.ts';
import { Subscription } from './subscription.ts';
import { TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

const CUTS = 40;
/** A fraction of a message; so many steps lead beyond Ready. */
const STEP_BYTES = 17;

const wish = { subscriber: 'subscriber', namespace: 'default', filter: everything, progressIntervalMs: 1000 } as const;

/** Streams with a token that can't be honoured, each cut off a few bytes later: also between its Reset and its Ready. */
export const cutBeginnings: Workload = {
  name: 'beginnings cut off',
  least: { sessions: CUTS, cuts: CUTS, refused: CUTS / 8, brokenUnready: 1 },
  async run(seed) {
    await using tested = await TestedServer.start();
    await using proxy = await TcpProxy.open(() => tested.port);
    const traffic = new Traffic(tested);
    const random = laneRandom(seed, 0);
    for (let cut = 0; cut < CUTS; cut++) {
      await traffic.run({ random, calls: 1 });
      const client = new Client(proxy.address, credentials.createInsecure(), ownConnection);
      const subscription = new Subscription(tested, client, { ...wish, resumeToken: 'made elsewhere' });
      subscription.recorded.fault('cut');
      proxy.cutAfter(cut * STEP_BYTES + random.below(STEP_BYTES) + 1);
      await subscription.ready();
      await cutOff(subscription, proxy);
      client.close();
    }
    return await tested.finish();
  },
};
