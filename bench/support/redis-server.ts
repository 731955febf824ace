import { freePort, startProcess, waitForPort } from './processes.ts';

/** A running Redis. */
export interface RedisServer {
  readonly pid: number;
  /** Of 127.0.0.1. */
  readonly port: number;
}

/** Starts a Redis that keeps nothing on a port of its own; `stack` will stop it. */
export async function startRedis(stack: AsyncDisposableStack, core: number | undefined): Promise<RedisServer> {
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const command = ['redis-server', ...options];
  const server = stack.use(await startProcess({ command, core, readyCheck: () => waitForPort(port) }));
  return { pid: server.pid, port };
}
