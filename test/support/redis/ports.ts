import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Ports of 127.0.0.1 that belong to this process until it releases them or ends. */
export interface PortClaim {
  /** Nobody listens on it yet. */
  readonly port: number;
  /** A second one, for the bus of a cluster node. */
  readonly busPort: number;
  release(): void;
}

// Below the ports that systems give to outgoing connections, so that none of them takes a server's port while it is
// down. A block holds the server's port, that of its bus, and one on which the claim itself listens: the system releases
// it with the process, however that ends.
const PORT_FIRST = 10_000;
const BLOCK_PORTS = 4;
const BLOCKS_MAX = 5_500;

// Test files run in processes with neighbouring numbers: each begins in a place of its own.
let next = (process.pid * 131) % BLOCKS_MAX;

/** Claims two free ports; no other test file gets them before `release`, also not while nothing listens on them. */
export async function claimPorts(): Promise<PortClaim> {
  for (let tries = 0; tries < BLOCKS_MAX; tries++) {
    const port = PORT_FIRST + BLOCK_PORTS * next;
    next = (next + 1) % BLOCKS_MAX;
    const claim = await listening(port + 2);
    if (claim === undefined) continue;
    if ((await isFree(port)) && (await isFree(port + 1))) {
      return { port, busPort: port + 1, release: () => void claim.close() };
    }
    claim.close();
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const server = await listening(port);
  if (server === undefined) return false;
  server.close();
  await once(server, 'close');
  return true;
}

async function listening(port: number): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server.unref();
  } catch {
    return undefined;
  }
}
