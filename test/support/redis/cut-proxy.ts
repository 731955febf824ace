import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Clock, systemClock } from '../../../src/base/clock.ts';
import { claimPorts, type PortClaim } from './ports.ts';
import { ProxyLane } from './proxy-lane.ts';

/** Listens on a free port of 127.0.0.1 and passes on to the target. The clock measures what `delay` adds. */
export async function openCutProxy(targetPort: number, clock: Clock = systemClock): Promise<CutProxy> {
  const proxy = new CutProxy(await claimPorts(), targetPort, clock);
  await proxy.resume();
  return proxy;
}

interface Link {
  readonly sockets: readonly [client: Socket, server: Socket];
  readonly lanes: readonly [up: ProxyLane, down: ProxyLane];
  /** A request was chosen whose reply never comes. */
  doomed: boolean;
}

/** A TCP proxy that does to connections what networks do; `await using` closes it. */
export class CutProxy implements AsyncDisposable {
  readonly port: number;
  readonly #claim: PortClaim;
  #targetPort: number;
  readonly #clock: Clock;
  readonly #links = new Set<Link>();
  /** Ended by one side while held, which the other learns when it is no longer. */
  readonly #broken = new Set<Link>();
  #server: Server | undefined;
  #delayMs = 0;
  #held = false;
  #repliesToDrop = 0;
  #repliesDropped = 0;
  #chosen: (requests: Buffer | string) => boolean = () => false;

  /** Takes over the claim; refuses connections until `resume`. */
  constructor(claim: PortClaim, targetPort: number, clock: Clock) {
    this.#claim = claim;
    this.port = claim.port;
    this.#targetPort = targetPort;
    this.#clock = clock;
  }

  /** Connections that are open. */
  get connections(): number {
    return this.#links.size;
  }

  /** Replies that `dropReplies` and `dropRepliesTo` have dropped so far. */
  get repliesDropped(): number {
    return this.#repliesDropped;
  }

  /** Passes on at once, also what was delayed or held; ends every other mode. */
  async pass(): Promise<void> {
    this.#delayMs = 0;
    this.#repliesToDrop = 0;
    this.#chosen = () => false;
    for (const lane of this.#lanes()) lane.hurry();
    await this.resume();
  }

  /** Leads connections that are opened from now on to another server. Those that are open stay where they are. */
  leadTo(targetPort: number): void {
    this.#targetPort = targetPort;
  }

  /** Keeps each chunk for so long, in both directions: a round trip takes twice as much more. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** Half-open: nothing leaves any more, in either direction; connections stay open, and new ones are accepted. */
  hold(): void {
    this.#held = true;
    for (const lane of this.#lanes()) lane.hold();
  }

  /** Destroys all connections and refuses new ones. */
  async cut(): Promise<void> {
    for (const link of this.#links) this.#destroy(link);
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    await closed;
  }

  /** Passes requests on, and destroys the connection at the next byte of a reply; does so `count` times. */
  dropReplies(count: number): void {
    this.#repliesToDrop = count;
  }

  /**
   * Passes requests on, and destroys a connection at the next byte of a reply after a request that is chosen. Asked for
   * each chunk of requests, which may be several commands.
   */
  dropRepliesTo(chosen: (requests: Buffer | string) => boolean): void {
    this.#chosen = chosen;
  }

  /** Ends `hold` and `cut`: what was held leaves, a delay stays. */
  async resume(): Promise<void> {
    this.#held = false;
    for (const link of this.#broken) this.#destroy(link);
    for (const lane of this.#lanes()) lane.free();
    if (this.#server !== undefined) return;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client)).listen(
      this.port,
      '127.0.0.1',
    );
    await once(this.#server, 'listening');
    this.#server.unref();
  }

  /** Destroys all connections and gives the port back. */
  async close(): Promise<void> {
    await this.cut();
    this.#claim.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: '127.0.0.1', allowHalfOpen: true });
    const lanes = [new ProxyLane(server, this.#clock), new ProxyLane(client, this.#clock)] as const;
    const link: Link = { sockets: [client, server], lanes, doomed: false };
    this.#links.add(link);
    if (this.#held) for (const lane of lanes) lane.hold();
    client.on('data', (chunk) => {
      link.doomed ||= this.#chosen(chunk);
      lanes[0].push(chunk, this.#delayMs);
    });
    server.on('data', (chunk) => this.#reply(link, chunk));
    client.on('end', () => lanes[0].push(undefined, this.#delayMs));
    server.on('end', () => lanes[1].push(undefined, this.#delayMs));
    for (const socket of link.sockets) {
      socket.unref().setNoDelay(true);
      socket.on('error', () => this.#break(link));
    }
    client.on('close', () => this.#break(link));
  }

  #reply(link: Link, chunk: Buffer | string): void {
    if (this.#repliesToDrop === 0 && !link.doomed) {
      link.lanes[1].push(chunk, this.#delayMs);
      return;
    }
    if (!link.doomed) this.#repliesToDrop--;
    this.#repliesDropped++;
    this.#destroy(link);
  }

  #break(link: Link): void {
    if (this.#held && this.#links.has(link)) this.#broken.add(link);
    else this.#destroy(link);
  }

  #destroy(link: Link): void {
    this.#links.delete(link);
    this.#broken.delete(link);
    for (const lane of link.lanes) lane.close();
    for (const socket of link.sockets) socket.destroy();
  }

  #lanes(): ProxyLane[] {
    return [...this.#links].flatMap(({ lanes }) => [...lanes]);
  }
}
