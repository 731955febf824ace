import { expectAnswer } from '../support/line-exchange.ts';
import { runProcess } from '../support/processes.ts';
import { startRedis } from '../support/redis-server.ts';
import { type Contestant, compiledAhead, cores, type Drive, loadShape } from './contestant.ts';
import { hotKey, workload } from './workload.ts';

/** Starts Redis without persistence, stores the workload and returns GET and MGET of 100, driven by redis-benchmark. */
export async function openRedis(stack: AsyncDisposableStack): Promise<readonly Contestant[]> {
  const { pid, port } = await startRedis(stack, cores.server);
  for (const key of workload.keys) await expectAnswer(port, `SET ${key} ${workload.value}\r\n`, '+OK\r\n');
  const common = { pid, port };
  const get = { ...common, command: ['GET', hotKey] };
  return [
    redisContestant({ ...get, id: 'redis.get', title: 'Redis GET', shape: loadShape.get }),
    redisContestant({
      ...{ ...get, id: 'redis.getUnpipelined', title: 'Redis GET, not pipelined', shape: loadShape.getUnpipelined },
    }),
    redisContestant({
      ...{ ...common, id: 'redis.mget', title: 'Redis MGET × 100', shape: loadShape.batch },
      command: ['MGET', ...workload.keys],
    }),
  ];
}

interface RedisLoad {
  readonly id: string;
  readonly title: string;
  readonly pid: number;
  readonly port: number;
  readonly command: readonly string[];
  readonly shape: { readonly connections: number; readonly depth: number };
}

function redisContestant(load: RedisLoad): Contestant {
  const { id, title, pid, port, command } = load;
  const keysPerCall = command.length - 1;
  let callsPerSecond = 5_000;
  return {
    ...{ id, title, pid, keysPerCall, protocol: 'RESP, redis-benchmark', ...compiledAhead },
    verify: () => expectAnswer(port, `${command.join(' ')}\r\n`, expectedAnswer(keysPerCall, command[0] === 'MGET')),
    async drive(seconds) {
      // redis-benchmark takes a number of calls, not a time: the drive before tells how many fit.
      const drive = await runRedisBenchmark(load, Math.ceil(callsPerSecond * seconds));
      callsPerSecond = drive.callsPerSecond;
      return drive;
    },
  };
}

async function runRedisBenchmark({ port, command, shape }: RedisLoad, calls: number): Promise<Drive> {
  const pipeline = ['-c', String(shape.connections), '-P', String(shape.depth), '-n', String(calls)];
  const program = ['redis-benchmark', '-h', '127.0.0.1', '-p', String(port), ...pipeline, '--csv', ...command];
  return { calls, callsPerSecond: parseRedisBenchmark(await runProcess(program, cores.load)) };
}

/** Reads the calls per second from the last line of redis-benchmark's CSV. Throws if there are none. */
export function parseRedisBenchmark(csv: string): number {
  const callsPerSecond = Number(/^"[^"]*","([\d.]+)"/.exec(csv.trim().split('\n').at(-1) ?? '')?.[1]);
  if (Number.isNaN(callsPerSecond)) throw new Error(`redis-benchmark wrote something unexpected:\n${csv}`);
  return callsPerSecond;
}

function expectedAnswer(keys: number, isArray: boolean): string {
  const value = `$${workload.value.length}\r\n${workload.value}\r\n`;
  return isArray ? `*${keys}\r\n${value.repeat(keys)}` : value;
}
