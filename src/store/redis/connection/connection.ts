import type { Duplex } from 'node:stream';
import { Command, Redis } from 'ioredis';
import type { Clock, Timer } from '../../../base/clock.ts';
import type { Address } from '../address.ts';
import {
  CONNECTION_LOST,
  connectionFailure,
  openingFailure,
  SERVER_SILENT,
  TOO_MANY_WAIT,
} from '../connection-failure.ts';
import { type Access, connectionOptions, OPENING_MS_MAX } from '../connection-profile.ts';
import type { ScriptArgument } from '../link.ts';
import type { RedisFailure } from '../redis-failure.ts';
import { replyFailure } from '../reply-failure.ts';
import { Watchdog } from '../watchdog.ts';
import { type Greeting, readGreeting } from './greeting.ts';
import { PendingCalls } from './pending-calls.ts';
import { WriteBatch } from './write-batch.ts';

/** What became of a command. */
export type Reply =
  /** Strings as buffers, nil as whatever ioredis makes of it. */
  | { readonly kind: 'answer'; readonly value: unknown }
  /** The server answered with an error. */
  | { readonly kind: 'error'; readonly message: string }
  /** It was written to the connection, and may have run. */
  | { readonly kind: 'unanswered'; readonly failure: RedisFailure }
  /** It never left this process. */
  | { readonly kind: 'unsent'; readonly failure: RedisFailure };

// Calls that wait for an answer. More than any server answers within the time of a call.
const CALLS_MAX = 16_384;

/** How to connect. */
export interface ConnectionParts {
  readonly clock: Clock;
  readonly access: Access;
  /** What the server calls the connection in CLIENT LIST. */
  readonly name: string;
  /** Number of the database; 0 where there is only one. */
  readonly database: number;
  /** Milliseconds that a command may take. */
  readonly commandTimeoutMs: number;
}

/** Whoever owns a connection. */
export interface ConnectionOwner {
  /** Says why a server that greets so is not wanted. */
  refuse(greeting: Greeting): RedisFailure | undefined;
  /** Called at most once. */
  onReady(connection: Connection): void;
  /** Called once, also where the connection was never ready, but not by `close`. */
  onEnd(connection: Connection, failure: RedisFailure): void;
  /** A message came for a channel that this connection listens to. */
  onMessage?(channel: string, payload: Buffer): void;
  /** The server says that a channel has moved to another one. */
  onMoved?(): void;
}

/**
 * One TCP connection to one server, from its opening to its end. It never connects again: its owner makes another. The
 * server is asked who it is before anything else, and watched from then on.
 */
export class Connection {
  readonly address: Address;
  readonly #parts: ConnectionParts;
  readonly #owner: ConnectionOwner;
  readonly #client: Redis;
  readonly #pending: PendingCalls;
  readonly #opening: Timer;
  #watchdog: Watchdog | undefined;
  // From the moment at which ioredis has logged in.
  #batch: WriteBatch | undefined;
  #greeting: Greeting | undefined;
  #state: 'opening' | 'ready' | 'ended' = 'opening';
  // The newest error that the client told: the reason of an end that follows.
  #lastError: unknown;

  /** Begins to connect. */
  constructor(address: Address, parts: ConnectionParts, owner: ConnectionOwner) {
    this.address = address;
    this.#parts = parts;
    this.#owner = owner;
    this.#pending = new PendingCalls(parts.clock, parts.commandTimeoutMs);
    this.#opening = parts.clock.startTimer(OPENING_MS_MAX, () => this.#end(SERVER_SILENT));
    this.#client = new Redis(connectionOptions(address, parts.access, parts.name));
    this.#client.on('error', (error: unknown) => {
      this.#lastError = error;
    });
    this.#client.once('end', () => this.#end(this.#reason()));
    this.#client.once('ready', () => {
      this.#batch = new WriteBatch(this.#client.stream);
      void this.#greet();
    });
    this.#client.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
      this.#watchdog?.heard();
      owner.onMessage?.(channel.toString(), payload);
    });
    this.#client.on('moved', () => owner.onMoved?.());
  }

  /** Usable now. */
  get ready(): boolean {
    return this.#state === 'ready';
  }

  /** What the server said when the connection began. Only of one that is or was ready. */
  get greeting(): Greeting {
    return this.#greeting!;
  }

  /** Commands without an answer. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Sends a command, once. Never rejects. */
  send(name: string, args: readonly ScriptArgument[] = []): Promise<Reply> {
    if (this.#state !== 'ready') return Promise.resolve({ kind: 'unsent', failure: CONNECTION_LOST });
    if (this.#pending.size >= CALLS_MAX) return Promise.resolve({ kind: 'unsent', failure: TOO_MANY_WAIT });
    return this.#exchange(name, args);
  }

  /** Ends the connection now: calls without an answer fail so. Does nothing if it has ended. */
  close(failure: RedisFailure): void {
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#opening.stop();
    this.#watchdog?.stop();
    // ioredis hears the first error of a stream alone, and a TLS handshake that is broken off may have two.
    (this.#client.stream as Duplex | undefined)?.on('error', () => undefined);
    this.#client.disconnect();
    this.#pending.failAll(failure);
  }

  #end(failure: RedisFailure): void {
    if (this.#state === 'ended') return;
    this.close(failure);
    this.#owner.onEnd(this, failure);
  }

  #reason(): RedisFailure {
    if (this.#state !== 'opening') return connectionFailure(this.#lastError);
    return openingFailure(this.#lastError, this.#parts.access.tls !== undefined);
  }

  async #greet(): Promise<void> {
    const { database } = this.#parts;
    // Deliberate: not by an option of ioredis, which goes on in database 0 if SELECT fails.
    const chosen = database === 0 ? undefined : this.#exchange('select', [database]);
    const told = await this.#exchange('info', []);
    const greeting = told.kind === 'answer' ? readGreeting(String(told.value)) : undefined;
    const wrong = failureOf(await chosen) ?? failureOf(told) ?? this.#owner.refuse(greeting!);
    if (this.#state === 'ended') return;
    if (wrong !== undefined) return this.#end(wrong);
    this.#greeting = greeting;
    this.#opening.stop();
    this.#state = 'ready';
    this.#watchdog = new Watchdog(this.#parts.clock, {
      ping: () => void this.#exchange('ping', []),
      onSilent: () => this.#end(SERVER_SILENT),
    });
    this.#owner.onReady(this);
  }

  #exchange(name: string, args: readonly ScriptArgument[]): Promise<Reply> {
    const batch = this.#batch;
    if (batch === undefined || this.#client.status !== 'ready' || !this.#client.stream.writable) {
      return Promise.resolve({ kind: 'unsent', failure: connectionFailure(this.#lastError) });
    }
    return new Promise((resolve) => {
      batch.schedule(this.#pending.size === 0);
      const waiting = this.#pending.add((failure) => resolve({ kind: 'unanswered', failure }));
      const settle = (reply: Reply): void => {
        if (this.#pending.settle(waiting)) resolve(reply);
      };
      (this.#client.sendCommand(new Command(name, [...args]), batch) as Promise<unknown>).then(
        (value) => {
          this.#watchdog?.heard();
          settle({ kind: 'answer', value });
        },
        (error: Error) => {
          if (error.name !== 'ReplyError') return settle({ kind: 'unanswered', failure: connectionFailure(error) });
          this.#watchdog?.heard();
          settle({ kind: 'error', message: error.message });
        },
      );
    });
  }
}

function failureOf(reply: Reply | undefined): RedisFailure | undefined {
  switch (reply?.kind) {
    case undefined:
    case 'answer':
      return undefined;
    case 'error':
      return replyFailure(reply.message);
    case 'unanswered':
    case 'unsent':
      return reply.failure;
  }
}
