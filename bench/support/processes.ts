import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** What to start. */
export interface StartOptions<T> {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** CPU core to pin the process to; absent: any. */
  readonly core?: number | undefined;
  /** Asked with every line the process writes to either output: the process is ready when this returns something. */
  readonly readyLine?: (line: string) => T | undefined;
  /** For processes that don't say when they are ready: they are when this resolves. */
  readonly readyCheck?: () => Promise<T>;
  /** Milliseconds until a process that is not ready is given up. */
  readonly readyMsMax?: number;
}

/** A process that this one started and will stop. */
export interface RunningProcess<T> extends AsyncDisposable {
  readonly pid: number;
  /** What `readyLine` or `readyCheck` found. */
  readonly ready: T;
  /** Ends the process with SIGTERM, after 10 s with SIGKILL, and waits for its end. */
  stop(): Promise<void>;
}

const linesKept = 30;

/** Starts a process and waits until it is ready. Rejects with its last lines if it ends before that. */
export async function startProcess<T>(options: StartOptions<T>): Promise<RunningProcess<T>> {
  const [program, ...args] = pinned(options.command, options.core);
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): Promise<void> => stopChild(child);
  try {
    const ready = await firstReady(child, options);
    return { pid: child.pid!, ready, stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a program to its end and returns what it wrote to its standard output. Rejects if it fails. */
export async function runProcess(command: readonly string[], core?: number): Promise<string> {
  const [program, ...args] = pinned(command, core);
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const outputs = [collect(child.stdout), collect(child.stderr)] as const;
  const [code] = (await once(child, 'close')) as [number | null];
  const [stdout, stderr] = await Promise.all(outputs);
  if (code !== 0) throw new Error(`${command[0]} ended with ${code}: ${stderr.slice(-2000)}`);
  return stdout;
}

/** Returns the command that runs `command` on one core. taskset replaces itself, so the pid is the program's. */
export function pinned(command: readonly string[], core: number | undefined): readonly string[] {
  return core === undefined ? command : ['taskset', '-c', String(core), ...command];
}

/** Returns a port of 127.0.0.1 that nobody listens on now, for programs that can't choose one themselves. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until somebody listens on a port of 127.0.0.1. Rejects after `waitMsMax`. */
export async function waitForPort(port: number, waitMsMax = 15_000): Promise<void> {
  const signal = AbortSignal.timeout(waitMsMax);
  while (!(await canConnect(port))) await delay(20, undefined, { signal });
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function firstReady<T>(child: ChildProcess, options: StartOptions<T>): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const tail: string[] = [];
  const fail = (why: string): void => reject(new Error(`${options.command.join(' ')}: ${why}\n${tail.join('\n')}`));
  const timer = setTimeout(() => fail('not ready in time'), options.readyMsMax ?? 60_000);
  const listen = (line: string): void => {
    if (tail.push(line) > linesKept) tail.shift();
    const ready = options.readyLine?.(line);
    if (ready !== undefined) resolve(ready);
  };
  // Read to the end also after it is ready: a full pipe would stop the process.
  for (const output of [child.stdout!, child.stderr!]) createInterface({ input: output }).on('line', listen);
  options.readyCheck?.().then(resolve, () => fail('not ready in time'));
  child.once('error', (error) => fail(error.message));
  child.once('exit', (code) => fail(`ended with ${code} before it was ready`));
  return promise.finally(() => clearTimeout(timer));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(timer);
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
