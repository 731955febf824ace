import { fileURLToPath } from 'node:url';
import { expectAnswer } from '../support/line-exchange.ts';
import { freePort, runProcess, startProcess, waitForPort } from '../support/processes.ts';
import { type Contestant, compiledAhead, cores, type Drive, loadShape } from './contestant.ts';
import { hotKey, workload } from './workload.ts';

const driverPath = fileURLToPath(new URL('../peers/memcached-driver.ts', import.meta.url));
const { value } = workload;
const answer = `VALUE ${hotKey} 0 ${value.length}\r\n${value}\r\nEND\r\n`;

/** Starts memcached with one thread, stores one key and returns its get, driven by a small driver of our own. */
export async function openMemcached(stack: AsyncDisposableStack): Promise<Contestant> {
  const port = await freePort();
  const command = ['memcached', '-u', 'nobody', '-t', '1', '-U', '0', '-l', '127.0.0.1', '-p', String(port)];
  const server = stack.use(await startProcess({ command, core: cores.server, readyCheck: () => waitForPort(port) }));
  await expectAnswer(port, `set ${hotKey} 0 0 ${value.length}\r\n${value}\r\n`, 'STORED\r\n');
  return {
    ...{ id: 'memcached.get', title: 'memcached get', protocol: 'memcached text, own driver' },
    ...{ pid: server.pid, keysPerCall: 1, ...compiledAhead },
    verify: () => expectAnswer(port, `get ${hotKey}\r\n`, answer),
    drive: (seconds) => driveMemcached(port, seconds),
  };
}

async function driveMemcached(port: number, seconds: number): Promise<Drive> {
  const { connections, depth } = loadShape.get;
  const shape = [hotKey, port, answer.length, connections, depth, seconds].map(String);
  const output = await runProcess([process.execPath, driverPath, ...shape], cores.load);
  const result = JSON.parse(output) as { calls: number; seconds: number };
  return { calls: result.calls, callsPerSecond: result.calls / result.seconds };
}
