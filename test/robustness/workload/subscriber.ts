import { Client, credentials } from '@grpc/grpc-js';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { TcpProxy } from '../faults/tcp-proxy.ts';
import type { Filter } from '../history/history.ts';
import { cutOff } from './cut-off.ts';
import { pickFilter } from './pick-filter.ts';
import { pickResumeToken } from './pick-resume-token.ts';
import { Subscription } from './subscription.ts';
import type { TestedServer } from './tested-server.ts';
import type { Traffic } from './traffic.ts';

/** What a subscriber needs. */
export interface SubscriberParts {
  readonly tested: TestedServer;
  readonly traffic: Traffic;
  readonly random: SeededRandom;
  readonly name: string;
  readonly namespace: string;
}

/** A connection of its own for every client, tried again at once. */
export const ownConnection = { 'grpc.use_local_subchannel_pool': 1, 'grpc.initial_reconnect_backoff_ms': 100 } as const;

const INTERVALS_MS = [100, 100, 200, 1000] as const;
/** Changes that a session lasts at most, and bytes after which its connection is cut. */
const SESSION_CHANGES_MAX = 120;
const LONG_SESSION_CHANGES_MAX = 600;
const CUT_BYTES_MAX = 6000;
const TOKENS_MAX = 20;

/**
 * One who subscribes again and again while there is traffic, is disturbed each time in another way, and in the end reads
 * all that there is.
 */
export class Subscriber {
  readonly #parts: SubscriberParts;
  readonly #own: string[] = [];
  #filter: Filter;

  constructor(parts: SubscriberParts) {
    this.#parts = parts;
    this.#filter = pickFilter(parts.random);
  }

  /** Runs until the traffic is over and all is read. */
  async run(): Promise<void> {
    const { traffic, random, tested } = this.#parts;
    await using proxy = await TcpProxy.open(() => tested.port);
    while (!traffic.isOver) {
      await tested.serving();
      if (random.chance(0.1)) this.#filter = pickFilter(random);
      await this.#visit(proxy, (subscription) => this.#disturb(subscription, proxy));
    }
    await this.#visit(proxy, async (subscription) => {
      await subscription.caughtUp();
      await subscription.cancel();
    });
  }

  async #visit(proxy: TcpProxy, during: (subscription: Subscription) => Promise<void>): Promise<void> {
    const { name: subscriber, namespace, tested, random } = this.#parts;
    const client = new Client(proxy.address, credentials.createInsecure(), ownConnection);
    try {
      const resumeToken = pickResumeToken(random, { ...this.#parts, own: this.#own });
      const progressIntervalMs = random.pick(INTERVALS_MS);
      const wish = { subscriber, namespace, filter: this.#filter, progressIntervalMs, resumeToken };
      const subscription = new Subscription(tested, client, wish);
      await during(subscription);
      this.#keep(subscription.recorded.newest?.token);
    } finally {
      client.close();
    }
  }

  async #disturb(subscription: Subscription, proxy: TcpProxy): Promise<void> {
    const { random, traffic } = this.#parts;
    const { recorded } = subscription;
    const changesMax = random.chance(0.2) ? LONG_SESSION_CHANGES_MAX : SESSION_CHANGES_MAX;
    const stay = (): Promise<void> => traffic.pass(random.below(changesMax), () => !recorded.isOpen);
    const draw = random.float();
    if (draw < 0.3) {
      recorded.fault('cut');
      proxy.cutAfter(random.below(CUT_BYTES_MAX));
      await stay();
      return await cutOff(subscription, proxy);
    }
    if (draw < 0.5) {
      await stay();
      recorded.fault('cut');
      return await cutOff(subscription, proxy);
    }
    if (draw < 0.7) {
      await subscription.ready();
      subscription.stall();
      await stay();
      subscription.readOn();
    }
    // Also before Ready.
    if (draw < 0.95) await stay();
    if (draw > 0.9) await subscription.caughtUp();
    await subscription.cancel();
  }

  #keep(token: string | undefined): void {
    if (token === undefined) return;
    this.#own.push(token);
    if (this.#own.length > TOKENS_MAX) this.#own.shift();
  }
}
