import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server: the network, with its faults. */
export interface Proxy extends AsyncDisposable {
  readonly address: string;
  /** Connections that were made since the start. */
  readonly connections: number;
  /** Bytes that the server has said. */
  readonly bytes: number;
  /** From now on nothing goes either way, and nobody is told: a cable that was pulled. */
  freeze(): void;
  /** Everything goes again, also what was held back. */
  thaw(): void;
  /** What the server says is lost from now on, while it hears everything. */
  loseAnswers(): void;
  /** The present connections lose everything from now on and nobody is told: they are half open. New ones work. */
  halfOpen(): void;
  /** Breaks every connection. */
  cut(): void;
}

/** Starts a proxy on a free port of loopback. */
export async function startProxy(toPort: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const lost = new Set<Socket>();
  let frozen = false;
  let deaf = false;
  let connections = 0;
  let bytes = 0;
  const server = createServer((near) => {
    connections++;
    const far = connect(toPort, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (from === far) bytes += chunk.length;
        if (!(deaf && from === far) && !lost.has(from)) to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        lost.delete(from);
        to.destroy();
      });
      if (frozen) from.pause();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    address: `127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get bytes() {
      return bytes;
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets) socket.resume();
    },
    halfOpen() {
      for (const socket of sockets) lost.add(socket);
    },
    loseAnswers() {
      deaf = true;
    },
    cut() {
      deaf = false;
      cut();
    },
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
