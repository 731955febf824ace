import type { Address } from '../address.ts';
import type { Connection } from './connection.ts';
import { Line, type LineOwner, type LineParts } from './line.ts';

/** Who listens to a channel. */
export interface Listener {
  readonly onMessage: (payload: Buffer) => void;
  /** Messages may have been missed; listening has begun again. */
  readonly onGap: () => void;
}

/** Listens to channels of one primary, on a connection of its own. */
export class Doorbell {
  readonly #line: Line;
  readonly #listeners = new Map<string, Listener>();
  // Channels that are not, or may not be, subscribed to.
  readonly #gaps = new Set<string>();

  constructor(address: Address | undefined, parts: LineParts, owner: Omit<LineOwner, 'onMessage'>) {
    this.#line = new Line(address, parts, {
      refuse: (greeting) => owner.refuse(greeting),
      onReady: (connection) => {
        this.#missed();
        this.again();
        owner.onReady?.(connection);
      },
      onLost: (failure) => owner.onLost?.(failure),
      onMessage: (channel, payload) => this.#listeners.get(channel)?.onMessage(payload),
      onMoved: () => {
        // It does not say which channel.
        this.#missed();
        owner.onMoved?.();
      },
    });
  }

  /** The connection's line. */
  get line(): Line {
    return this.#line;
  }

  /**
   * Listens to a channel from now on. Resolves once it does, or when it can't now and will as soon as it can. With
   * `missed` it has been listened to elsewhere: `onGap` is called then.
   */
  async add(channel: string, listener: Listener, missed: boolean): Promise<void> {
    this.#listeners.set(channel, listener);
    const connection = this.#line.ready;
    if (missed || connection === undefined) this.#gaps.add(channel);
    if (connection !== undefined) await this.#subscribe(connection, channel);
  }

  /** Stops listening to a channel. */
  remove(channel: string): void {
    if (!this.#listeners.delete(channel)) return;
    this.#gaps.delete(channel);
    void this.#line.send('sunsubscribe', [channel]);
  }

  /** Subscribes to the channels that may have missed something. */
  again(): void {
    const connection = this.#line.ready;
    if (connection === undefined) return;
    for (const channel of this.#gaps) void this.#subscribe(connection, channel);
  }

  #missed(): void {
    for (const channel of this.#listeners.keys()) this.#gaps.add(channel);
  }

  async #subscribe(connection: Connection, channel: string): Promise<void> {
    const reply = await connection.send('ssubscribe', [channel]);
    if (reply.kind !== 'answer') {
      this.#gaps.add(channel);
      return;
    }
    if (this.#gaps.delete(channel)) this.#listeners.get(channel)?.onGap();
  }
}
