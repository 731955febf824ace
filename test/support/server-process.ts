import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type ChannelCredentials, Client, credentials } from '@grpc/grpc-js';
import { call } from './call.ts';
import { roomyChannel, type TestServer } from './test-server.ts';
import { until, within } from './until.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a process ended. */
export interface ProcessEnd {
  /** The exit code; `null` if a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

/** One line of the server's log. */
export interface LogLine {
  readonly event: string;
  readonly level: string;
  readonly [field: string]: unknown;
}

/** A server in a process of its own, and a client of it. */
export interface ServerProcess extends AsyncDisposable, Pick<TestServer, 'address' | 'client' | 'call'> {
  readonly pid: number;
  /** Absent unless `--ops-listen` was given. */
  readonly opsUrl: string | undefined;
  /** All that it has written to its standard error. */
  logText(): string;
  /** The lines of the log with this event. */
  logged(event: string): LogLine[];
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<ProcessEnd>;
}

/** What a test may put in place of the default. */
export interface ServerProcessOptions {
  /** Flags of `reprise serve` beside the listen addresses. */
  readonly flags?: readonly string[];
  /** Flags of Node itself. */
  readonly nodeFlags?: readonly string[];
  /** Also serve metrics and probes. */
  readonly withOps?: boolean;
  /** Milliseconds that the start may take. Default: 30 000. */
  readonly startWithinMs?: number;
  /** The node of a fleet and its callers wait where a busy machine stands still: for tests that are not about refusals. */
  readonly patient?: boolean;
  /** What the client speaks. Default: no TLS. */
  readonly credentials?: ChannelCredentials;
}

// A node refuses what it can't prove, and gives up a Redis that is silent for two heartbeats.
const PATIENT_FLAGS = ['--max-lag', '10s', '--heartbeat', '2s'];

const AGAIN = { maxAttempts: 5, initialBackoff: '0.25s', maxBackoff: '1s', backoffMultiplier: 2 };
const PATIENT_CALLS = {
  methodConfig: [{ name: [{}], retryPolicy: { ...AGAIN, retryableStatusCodes: ['UNAVAILABLE'] } }],
};

/** Starts `reprise serve` on free loopback ports and waits until it serves; `await using` kills it. */
export async function startServerProcess(options: ServerProcessOptions = {}): Promise<ServerProcess> {
  const { nodeFlags = [], withOps = false, startWithinMs: withinMs = 30_000, patient = false } = options;
  const flags = [...(options.flags ?? []), ...(patient ? PATIENT_FLAGS : [])];
  const addresses = ['--listen', '127.0.0.1:0', '--ops-listen', withOps ? '127.0.0.1:0' : 'off'];
  const running = spawnServer([...nodeFlags, MAIN, 'serve', ...addresses, ...flags]);
  let over: ProcessEnd | undefined;
  void running.ended.then((end) => {
    over = end;
  });
  try {
    const listening = (): boolean => over !== undefined || running.logged('serverListening').length > 0;
    await until(listening, { withinMs, what: `the server's start: ${flags.join(' ')}` });
  } catch (late) {
    running.kill('SIGKILL');
    throw late;
  }
  if (over !== undefined) throw new Error(`the server ended with ${over.code}: ${over.stderr}`);
  const address = `127.0.0.1:${running.logged('serverListening')[0]!['port']}`;
  const opsPort = running.logged('opsListening')[0]?.['port'];
  const channel = patient ? { ...namedChannel, 'grpc.service_config': JSON.stringify(PATIENT_CALLS) } : namedChannel;
  const client = new Client(address, options.credentials ?? credentials.createInsecure(), channel);
  return {
    ...running,
    address,
    client,
    opsUrl: opsPort === undefined ? undefined : `http://127.0.0.1:${opsPort}`,
    call: (method, request, calling) => call(client, method, request, calling),
    [Symbol.asyncDispose]: async () => {
      client.close();
      running.kill('SIGKILL');
      await running.ended;
    },
  };
}

/** Runs `reprise` to its end, for starts that fail. */
export function runServer(flags: readonly string[], withinMs = 30_000): Promise<ProcessEnd> {
  return within(spawnServer([MAIN, 'serve', ...flags]).ended, { what: 'the end of the process', withinMs });
}

/** TLS names hosts, not addresses. */
export const namedChannel = { ...roomyChannel, 'grpc.ssl_target_name_override': 'localhost' };

type Spawned = Pick<ServerProcess, 'pid' | 'logText' | 'logged' | 'kill' | 'ended'>;

function spawnServer(nodeArguments: readonly string[]): Spawned {
  const child = spawn(process.execPath, nodeArguments, { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => lines.push(line));
  const logText = (): string => lines.join('\n');
  const end = async (): Promise<ProcessEnd> => {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stderr: logText() };
  };
  return {
    pid: child.pid!,
    logText,
    logged: (event) => lines.flatMap(parsed).filter((line) => line.event === event),
    kill: (signal) => void child.kill(signal),
    ended: end(),
  };
}

function parsed(line: string): LogLine[] {
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return [];
  }
}
