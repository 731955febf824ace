import { backoffMs } from '../../../base/backoff.ts';
import type { Timer } from '../../../base/clock.ts';
import type { Random } from '../../../base/random.ts';
import { type Address, sameAddress } from '../address.ts';
import { LINK_CLOSED, NOT_CONNECTED } from '../connection-failure.ts';
import type { ScriptArgument } from '../link.ts';
import type { RedisFailure } from '../redis-failure.ts';
import { Connection, type ConnectionParts, type Reply } from './connection.ts';
import type { Greeting } from './greeting.ts';

/** How long is waited before an attempt to connect. */
export const RECONNECTING = { firstMs: 25, mostMs: 250 } as const;

/** How to keep a connection. */
export interface LineParts extends ConnectionParts {
  readonly random: Random;
}

/** Whoever owns a line. All but `refuse` may be left out. */
export interface LineOwner {
  refuse(greeting: Greeting): RedisFailure | undefined;
  onReady?(connection: Connection): void;
  /** A connection that was ready, or an attempt, ended. */
  onLost?(failure: RedisFailure): void;
  onMessage?(channel: string, payload: Buffer): void;
  onMoved?(): void;
}

/**
 * Keeps one connection to whatever address it is given: makes a new one when one ends, after a short wait that grows,
 * and at once when the address changes. Calls meanwhile fail at once.
 */
export class Line {
  readonly #parts: LineParts;
  readonly #owner: LineOwner;
  #address: Address | undefined;
  #connection: Connection | undefined;
  #retry: Timer | undefined;
  // Attempts that failed since the last connection that was ready.
  #failures = 0;
  #failure = NOT_CONNECTED;
  #closed = false;

  constructor(address: Address | undefined, parts: LineParts, owner: LineOwner) {
    this.#parts = parts;
    this.#owner = owner;
    this.pointTo(address);
  }

  /** The connection if it is ready. */
  get ready(): Connection | undefined {
    return this.#connection?.ready === true ? this.#connection : undefined;
  }

  /** Why there is no connection, if there is none. */
  get failure(): RedisFailure {
    return this.#failure;
  }

  /** Sends a command on the connection that is there. */
  send(name: string, args: readonly ScriptArgument[] = []): Promise<Reply> {
    const connection = this.ready;
    if (connection === undefined) return Promise.resolve({ kind: 'unsent', failure: this.#failure });
    return connection.send(name, args);
  }

  /** Connects to another address; `undefined`: to nobody until it is told. The same one: nothing happens. */
  pointTo(address: Address | undefined): void {
    if (this.#closed || (sameAddress(address, this.#address) && address !== undefined)) return;
    this.#drop(NOT_CONNECTED);
    this.#address = address;
    this.#failures = 0;
    this.#connect();
  }

  /** Replaces the connection, if it is this one and still there, by a new one. */
  renew(connection: Connection, failure: RedisFailure): void {
    if (this.#connection !== connection) return;
    this.#drop(failure);
    this.#lost(failure);
  }

  /** Ends the connection, for good. */
  close(failure: RedisFailure = LINK_CLOSED): void {
    this.#closed = true;
    this.#drop(failure);
  }

  #drop(failure: RedisFailure): void {
    this.#retry?.stop();
    this.#retry = undefined;
    const dropped = this.#connection;
    this.#connection = undefined;
    this.#failure = failure;
    dropped?.close(failure);
  }

  #connect(): void {
    this.#retry = undefined;
    if (this.#address === undefined) return;
    this.#connection = new Connection(this.#address, this.#parts, {
      refuse: (greeting) => this.#owner.refuse(greeting),
      onReady: (connection) => {
        this.#failures = 0;
        this.#owner.onReady?.(connection);
      },
      onEnd: (connection, failure) => {
        if (this.#connection === connection) this.#lost(failure);
      },
      onMessage: (channel, payload) => this.#owner.onMessage?.(channel, payload),
      onMoved: () => this.#owner.onMoved?.(),
    });
  }

  #lost(failure: RedisFailure): void {
    this.#connection = undefined;
    this.#failure = failure;
    const waitMs = backoffMs(RECONNECTING, this.#failures++, this.#parts.random);
    this.#retry = this.#parts.clock.startTimer(waitMs, () => this.#connect());
    this.#owner.onLost?.(failure);
  }
}
