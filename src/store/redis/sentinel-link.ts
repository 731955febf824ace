import { sameAddress } from './address.ts';
import type { Answered, Lane, LinkCall } from './link.ts';
import type { LinkOptions, RedisLink } from './link-options.ts';
import { primaryParts } from './link-parts.ts';
import { LineNews } from './link-state.ts';
import { Primary } from './primary.ts';
import { answerOf } from './run-call.ts';
import type { SentinelPlaces } from './sentinel-question.ts';
import { SentinelWatch } from './sentinel-watch.ts';

/** A link to the primary that Sentinels name. */
export class SentinelLink implements RedisLink {
  readonly #primary: Primary;
  readonly #watch: SentinelWatch;
  #why = 'no Sentinel has named the primary yet';

  /** Begins to connect. */
  constructor(places: SentinelPlaces, options: LinkOptions) {
    const parts = primaryParts(options);
    const news = new LineNews('sentinel', parts.listener);
    this.#primary = new Primary(undefined, { ...parts, onLost: () => this.#watch.ask() });
    this.#watch = new SentinelWatch(places, options, {
      isWell: () => this.#primary.ready,
      onReady: (server) => news.connected(server),
      onPrimary: (address) => {
        this.#primary.pointTo(address);
        parts.listener({ kind: 'primaries-changed' });
      },
      onLost: (failure) => {
        this.#why = `no Sentinel can be asked: ${failure.what}`;
        news.lost(failure);
      },
    });
  }

  get ready(): boolean {
    return this.#primary.ready;
  }

  get why(): string {
    return this.#primary.address === undefined ? this.#why : this.#primary.failure.what;
  }

  async run(lane: Lane, call: LinkCall): Promise<Answered> {
    const { reply, server } = await this.#primary.run(lane, call);
    return answerOf(reply, call, server);
  }

  inForce(slotKey: string, server: string): boolean {
    return this.namedAgeMs(slotKey, server) !== undefined;
  }

  namedAgeMs(_slotKey: string, server: string): number | undefined {
    const { opinion } = this.#watch;
    const named = opinion !== undefined && sameAddress(opinion.address, this.#primary.address);
    return named && this.#primary.isServedBy(server) ? opinion.ageMs : undefined;
  }

  listen(channel: string, onMessage: (payload: Buffer) => void, onGap: () => void): Promise<void> {
    return this.#primary.doorbell.add(channel, { onMessage, onGap }, false);
  }

  async close(): Promise<void> {
    this.#watch.close();
    this.#primary.close();
  }
}
