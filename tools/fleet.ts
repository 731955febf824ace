import { parseArgs, styleText } from 'node:util';
import { freePort } from './fleet/free-port.ts';
import { readableLine } from './fleet/readable-line.ts';
import { type FleetNode, startNode } from './fleet/start-node.ts';
import { type FleetRedis, startRedis } from './fleet/start-redis.ts';
import { welcome } from './fleet/welcome.ts';

// Starts a Redis that keeps nothing and three nodes over it, shows their logs, and stops all on Ctrl-C.
// node tools/fleet.ts [--port PORT] [-- flags of reprise serve]

const NODES = [
  { name: 'a', colour: 'cyan' },
  { name: 'b', colour: 'magenta' },
  { name: 'c', colour: 'yellow' },
] as const;
const PORT = 7171;
const REDIS_PORT = 7170;

const { values, positionals } = parseArgs({ options: { port: { type: 'string' } }, allowPositionals: true });
const firstPort = values.port === undefined ? PORT : Number(values.port);

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop());

try {
  await runFleet();
} catch (failure) {
  if (stopping.signal.aborted) process.exit(0);
  process.stderr.write(`fleet: ${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exit(1);
}

async function runFleet(): Promise<void> {
  const redis = await startRedis(await choosePort(firstPort === 0 ? 0 : REDIS_PORT));
  const nodes: FleetNode[] = [];
  try {
    for (const [index, { name, colour }] of NODES.entries()) {
      nodes.push(await startOne(index, redis, showAs(name, colour)));
    }
    process.stdout.write(welcome(nodes, redis.url));
    for (const { name, ended } of [...nodes, redis]) void ended.then((how) => tellEnd(name, how));
    await Promise.race([aborted(), Promise.all(nodes.map(({ ended }) => ended))]);
  } finally {
    await stopAll(nodes, redis);
  }
}

async function startOne(index: number, { url }: FleetRedis, onLine: (line: string) => void): Promise<FleetNode> {
  const wanted = (offset: number): number => (firstPort === 0 ? 0 : firstPort + 2 * index + offset);
  const [port, opsPort] = [await choosePort(wanted(0)), await choosePort(wanted(1))];
  const { name } = NODES[index]!;
  return startNode({ name, redisUrl: url, port, opsPort, flags: positionals, onLine, signal: stopping.signal });
}

/** Returns a port that is free, and says so where it is not the one that was wanted. */
async function choosePort(wanted: number): Promise<number> {
  const port = await freePort(wanted);
  if (wanted !== 0 && port !== wanted) process.stdout.write(`Port ${wanted} is taken: ${port} is used instead.\n`);
  return port;
}

function showAs(name: string, colour: (typeof NODES)[number]['colour']): (line: string) => void {
  const prefix = styleText(colour, `${name} │ `, { stream: process.stdout });
  return (line) => void process.stdout.write(`${prefix}${readableLine(line)}\n`);
}

function tellEnd(name: string, how: string): void {
  if (stopping.signal.aborted) return;
  process.stdout.write(`\n${name} ${how}.${name === 'redis' ? '' : ' The others go on.'}\n\n`);
}

/** The first time all end in order, the second time at once. */
function stop(): void {
  if (stopping.signal.aborted) process.exit(1);
  stopping.abort();
}

function aborted(): Promise<void> {
  return new Promise((resolve) => {
    if (stopping.signal.aborted) resolve();
    stopping.signal.addEventListener('abort', () => resolve());
  });
}

async function stopAll(nodes: readonly FleetNode[], redis: FleetRedis): Promise<void> {
  for (const node of nodes) node.kill('SIGTERM');
  await Promise.all(nodes.map(({ ended }) => ended));
  redis.kill('SIGTERM');
  await redis.ended;
}
