import type { Address } from './address.ts';
import type { Reply } from './connection/connection.ts';
import { Doorbell } from './connection/doorbell.ts';
import type { Greeting } from './connection/greeting.ts';
import { Line, type LineOwner, type LineParts } from './connection/line.ts';
import { LINK_CLOSED, SERVER_SILENT } from './connection-failure.ts';
import type { Lane, LinkCall } from './link.ts';
import { type ConnectionName, LineNews, type LinkListener } from './link-state.ts';
import type { RedisFailure } from './redis-failure.ts';
import { replyCode, replyFailure } from './reply-failure.ts';
import { type RunOptions, sendCall } from './run-call.ts';

/** What the connections of a link are made of. */
export interface PrimaryParts extends Omit<LineParts, 'name'> {
  readonly listener: LinkListener;
  /** A server says that a channel has moved. */
  readonly onMoved?: () => void;
  /** A connection was lost: time to ask who is primary. */
  readonly onLost?: () => void;
}

/** What became of a call, and who answered it: empty where nobody did. */
export interface Ran {
  readonly reply: Reply;
  readonly server: string;
}

// What a server, or a script of ours on it, says that is no longer what its connections were made for.
const DEPOSED: ReadonlySet<string> = new Set(['READONLY', 'MASTERDOWN', 'STORE_UNAVAILABLE']);

/** The three connections to one primary: for commands, for heartbeats, which never wait behind them, and the doorbell. */
export class Primary {
  readonly doorbell: Doorbell;
  readonly #lanes: Readonly<Record<Lane, Line>>;
  #address: Address | undefined;

  /** Begins to connect, if there is an address. */
  constructor(address: Address | undefined, parts: PrimaryParts) {
    const named = (name: ConnectionName): LineParts => ({ ...parts, name });
    this.#address = address;
    this.#lanes = {
      commands: new Line(address, named('commands'), ownerOf('commands', parts)),
      heartbeat: new Line(address, named('heartbeat'), ownerOf('heartbeat', parts)),
    };
    this.doorbell = new Doorbell(address, named('doorbell'), ownerOf('doorbell', parts));
  }

  /** Where it is; `undefined` while nobody knows. */
  get address(): Address | undefined {
    return this.#address;
  }

  /** Both lanes are usable. */
  get ready(): boolean {
    return this.#lanes.commands.ready !== undefined && this.#lanes.heartbeat.ready !== undefined;
  }

  /** Why the lanes are not usable. */
  get failure(): RedisFailure {
    const waiting = Object.values(this.#lanes).find((line) => line.ready === undefined);
    return waiting?.failure ?? SERVER_SILENT;
  }

  /** Tells whether one of the lanes is connected to this server, by its run id. */
  isServedBy(server: string): boolean {
    return Object.values(this.#lanes).some((line) => line.ready?.greeting.server === server);
  }

  /** Sends a command on the heartbeat's connection. */
  ask(name: string, args: readonly string[] = []): Promise<Reply> {
    return this.#lanes.heartbeat.send(name, args);
  }

  /** Makes a call. Leaves a server that says it is no primary any more. */
  async run(lane: Lane, call: LinkCall, options?: RunOptions): Promise<Ran> {
    const line = this.#lanes[lane];
    const connection = line.ready;
    if (connection === undefined) return { reply: { kind: 'unsent', failure: line.failure }, server: '' };
    const reply = await sendCall(connection, call, options);
    if (reply.kind === 'error' && DEPOSED.has(replyCode(reply.message))) {
      this.#leave(connection.greeting.server);
    }
    return { reply, server: connection.greeting.server };
  }

  /** Connects to another address, at once. */
  pointTo(address: Address | undefined): void {
    this.#address = address;
    for (const line of this.#lines()) line.pointTo(address);
  }

  /** Ends the connections; calls without an answer fail so. */
  close(failure: RedisFailure = LINK_CLOSED): void {
    for (const line of this.#lines()) line.close(failure);
  }

  #leave(server: string): void {
    for (const line of this.#lines()) {
      if (line.ready?.greeting.server === server) line.renew(line.ready, replyFailure('READONLY'));
    }
  }

  #lines(): readonly Line[] {
    return [this.#lanes.commands, this.#lanes.heartbeat, this.doorbell.line];
  }
}

function ownerOf(name: ConnectionName, { listener, onMoved, onLost }: PrimaryParts): LineOwner {
  const news = new LineNews(name, listener);
  return {
    refuse: refuseReplica,
    onReady: (connection) => news.connected(connection.greeting.server),
    onLost: (failure) => {
      news.lost(failure);
      onLost?.();
    },
    onMoved: () => onMoved?.(),
  };
}

// A replica is no use, and may be one that will be promoted in a moment: try again soon.
function refuseReplica({ role, loading }: Greeting): RedisFailure | undefined {
  if (loading) return replyFailure('LOADING');
  return role === 'master' || role === '' ? undefined : replyFailure('READONLY');
}
