import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between clients and a server, and cuts their connections where it is told to: also inside of a message. */
export class TcpProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #portOf: () => number;
  readonly #sockets = new Set<Socket>();
  /** Bytes that may still come from the server; then the connection is cut. */
  #bytesLeft = Number.POSITIVE_INFINITY;

  private constructor(server: Server, portOf: () => number) {
    this.#server = server;
    this.#portOf = portOf;
    server.on('connection', (client) => this.#join(client));
  }

  /** Opens a proxy on a free loopback port. @param portOf where the server is when a connection comes */
  static async open(portOf: () => number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new TcpProxy(server, portOf);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  /** Such as `127.0.0.1:40001`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cuts the connection once so many more bytes have come from the server. */
  cutAfter(bytes: number): void {
    this.#bytesLeft = bytes;
  }

  /** Cuts all connections now. */
  cut(): void {
    this.#bytesLeft = Number.POSITIVE_INFINITY;
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.cut();
    await closed;
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#portOf(), host: '127.0.0.1', noDelay: true });
    this.#keep(client, server);
    this.#keep(server, client);
    client.pipe(server);
    server.on('data', (bytes: Buffer) => this.#forward(bytes, client, server));
    client.on('drain', () => server.resume());
  }

  #forward(bytes: Buffer, client: Socket, server: Socket): void {
    const passing = bytes.subarray(0, this.#bytesLeft);
    this.#bytesLeft -= passing.length;
    if (!client.write(passing)) server.pause();
    if (this.#bytesLeft > 0) return;
    this.#bytesLeft = Number.POSITIVE_INFINITY;
    server.destroy();
    client.destroySoon();
  }

  #keep(socket: Socket, peer: Socket): void {
    this.#sockets.add(socket);
    // Who is cut off is told by the end of its connection.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      peer.destroy();
    });
  }
}
