import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const ROOT = new URL('../../../../', import.meta.url);
const NODE = fileURLToPath(new URL('node_modules/.bin/node', ROOT));
const MAIN = fileURLToPath(new URL('src/main.ts', ROOT));

/** A real server in a process of its own. */
export interface Server extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** Ends it at once, without a word to anybody. */
  kill(): Promise<void>;
  /** Lets it drain: streams are told to go away. */
  stop(): Promise<void>;
}

/** Starts a server on a port of loopback, a free one unless it is named; `await using` kills it. */
export async function startServer({ port = 0, flags = [] as readonly string[] } = {}): Promise<Server> {
  const child = spawn(NODE, [MAIN, 'serve', '--listen', `127.0.0.1:${port}`, '--ops-listen', 'off', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let listening: number | undefined;
  const said: string[] = [];
  for (const stream of [child.stdout!, child.stderr!]) {
    createInterface({ input: stream }).on('line', (line) => {
      said.push(line);
      listening ??= portIn(line);
    });
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await ended;
  };
  try {
    await until(() => listening !== undefined || isOver(child), 'the server to listen');
    if (listening === undefined) throw new Error(`The server ended: ${said.join('\n')}`);
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    address: `127.0.0.1:${listening}`,
    port: listening,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

function isOver(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function portIn(line: string): number | undefined {
  if (!line.includes('"serverListening"')) return undefined;
  return (JSON.parse(line) as { readonly port: number }).port;
}
