import type { Address } from './address.ts';
import type { Answered, Lane, LinkCall } from './link.ts';
import type { LinkOptions, RedisLink } from './link-options.ts';
import { primaryParts } from './link-parts.ts';
import { Primary } from './primary.ts';
import { answerOf } from './run-call.ts';

/** A link to one server, whoever restarts it. */
export class StandaloneLink implements RedisLink {
  readonly #primary: Primary;

  /** Begins to connect. */
  constructor(address: Address, options: LinkOptions) {
    this.#primary = new Primary(address, primaryParts(options));
  }

  get ready(): boolean {
    return this.#primary.ready;
  }

  get why(): string {
    return this.#primary.failure.what;
  }

  async run(lane: Lane, call: LinkCall): Promise<Answered> {
    const { reply, server } = await this.#primary.run(lane, call);
    return answerOf(reply, call, server);
  }

  // There is nobody to ask. Whether it is a primary at all, every script asks itself.
  inForce(): boolean {
    return true;
  }

  namedAgeMs(): number {
    return 0;
  }

  listen(channel: string, onMessage: (payload: Buffer) => void, onGap: () => void): Promise<void> {
    return this.#primary.doorbell.add(channel, { onMessage, onGap }, false);
  }

  async close(): Promise<void> {
    this.#primary.close();
  }
}
