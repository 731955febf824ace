import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Returns the port if nobody listens on it, else another one that is free; 0 asks for any. Of 127.0.0.1. */
export async function freePort(wanted: number): Promise<number> {
  const server = createServer();
  try {
    server.listen(wanted, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EADDRINUSE' || wanted === 0) throw failure;
    return freePort(0);
  } finally {
    server.close();
  }
}
