// Goal: `make fleet` is a fleet to try: what its welcome and the README say works, a node can be taken away, Ctrl-C leaves
// nothing behind. Method: make itself on free ports, the README's commands in one shell against it, signals.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { consoleCommands, cutSection, printsAsDocumented } from '../support/console-blocks.ts';
import { until, within } from '../support/until.ts';

const root = new URL('../..', import.meta.url).pathname;
const START_MS = 60_000;

interface Fleet extends AsyncDisposable {
  /** All that it has shown. */
  shown(): string;
  /** gRPC addresses of the nodes. */
  readonly addresses: readonly string[];
  /** Process ids of the nodes. */
  readonly pids: readonly number[];
  /** Ctrl-C. Resolves when make has ended. */
  interrupt(): Promise<void>;
}

/** Starts `make fleet` in a process group of its own, as a terminal does. */
async function startTool(): Promise<Fleet> {
  const make = spawn('make', ['fleet', 'ARGS=--port 0'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [make.stdout, make.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
  const ended = once(make, 'close');
  const isOver = (): boolean => make.exitCode !== null || make.signalCode !== null;
  const signal = (name: NodeJS.Signals): void => {
    if (!isOver()) process.kill(-make.pid!, name);
  };
  const interrupt = async (): Promise<void> => {
    signal('SIGINT');
    await within(ended, { withinMs: START_MS, what: 'the end of make fleet' });
  };
  try {
    const up = (): boolean => text.includes('Ctrl-C stops everything') || isOver();
    await until(up, { withinMs: START_MS, what: 'the welcome' });
  } catch (late) {
    throw new Error(`${late}\n${text}`);
  } finally {
    if (!text.includes('Ctrl-C stops everything')) signal('SIGTERM');
  }
  const found = [...text.matchAll(/gRPC (127\.0\.0\.1:\d+) .* pid (\d+)/g)];
  return {
    shown: () => text,
    addresses: found.map(([, address]) => address!),
    pids: found.map(([, , pid]) => Number(pid)),
    interrupt,
    [Symbol.asyncDispose]: interrupt,
  };
}

async function runInShell(script: string, env: Record<string, string>): Promise<string> {
  const child = spawn('bash', ['-c', script], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk;
  return output;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

const MARK = '<<next>>';

test('the README’s fleet works line by line, goes on without a node, and ends without a trace', async (t) => {
  await using fleet = await startTool();
  const [a, b, c] = fleet.addresses as [string, string, string];
  const commands = consoleCommands(cutSection(readFileSync(`${root}README.md`, 'utf8'), '## A fleet').section);
  assert.ok(commands.length >= 5, 'the README has a session');
  const script = commands.map(({ command }) => `${command}\necho; echo '${MARK}'`).join('\n');
  const here = script.replaceAll('127.0.0.1:7171', a).replaceAll('127.0.0.1:7173', b).replaceAll('127.0.0.1:7175', c);
  const printed = (await runInShell(here, { REPRISE_SERVER: a })).split(`\n${MARK}\n`);
  for (const [index, { command, expected }] of commands.entries()) {
    await t.test(command, () => {
      const lines = printed[index]!.split('\n').filter((line) => line !== '');
      assert.ok(
        printsAsDocumented(lines, expected),
        `printed:\n${lines.join('\n')}\nexpected:\n${expected.join('\n')}`,
      );
    });
  }

  process.kill(fleet.pids[1]!, 'SIGKILL');
  await until(() => fleet.shown().includes('b was ended by SIGKILL. The others go on.'), { what: 'the end of b' });
  assert.equal(
    (await runInShell(`bin/reprise get song --server ${c} --raw`, {})).trim(),
    'Everything in Its Right Place',
  );

  await fleet.interrupt();
  assert.deepEqual(fleet.pids.filter(isAlive), []);
  assert.match(fleet.shown(), /a │ info {2}the server has drained {2}clean=true/);
});
