// Goal: the README's session works line by line. Method: its commands run in one shell against a real server, and what
// they print is compared with what the README shows. The section about a fleet is in fleet-tool.test.ts.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { type ConsoleCommand, consoleCommands, cutSection, printsAsDocumented } from '../support/console-blocks.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const root = new URL('../..', import.meta.url).pathname;
const commands = consoleCommands(cutSection(readFileSync(`${root}README.md`, 'utf8'), '## A fleet').rest);

test('every command of the README prints what the README shows', { skip: withoutGrpcurl() }, async (t) => {
  await using server = await startTestServer({ config: { opsListen: { host: '127.0.0.1', port: 0 } } });
  assert.ok(commands.length >= 10, 'the README has a session');
  const printed = await runInOneShell(server, commands);
  for (const [index, { command, expected }] of commands.entries()) {
    await t.test(command, () => {
      const lines = printed[index]!;
      assert.ok(
        printsAsDocumented(lines, expected),
        `printed:\n${lines.join('\n')}\nexpected:\n${expected.join('\n')}`,
      );
    });
  }
});

test('make run serves, and stops when it is interrupted as by Ctrl-C', async () => {
  const flags = 'ARGS=--listen 127.0.0.1:0 --ops-listen off --capacity 64MiB';
  const make = spawn('make', ['run', flags], { cwd: root, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(make, 'exit');
  const events: string[] = [];
  for await (const line of createInterface({ input: make.stderr })) {
    const event = /"event":"(\w+)"/.exec(line)?.[1];
    if (event !== undefined) events.push(event);
    if (event === 'serverListening') process.kill(-make.pid!, 'SIGINT');
  }
  await exited;
  assert.deepEqual(events.slice(-3), ['serverListening', 'drainStarted', 'drainFinished']);
});

/** grpcurl is built by `make tools`, which fails in CI where Go is missing, and says so elsewhere. */
function withoutGrpcurl(): string | false {
  if (process.env['CI'] === 'true') return false;
  try {
    execFileSync(`${root}.tools/bin/grpcurl`, ['-version'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'grpcurl is not installed: run `make tools`';
  }
}

const MARK = '<<next>>';

async function runInOneShell(server: TestServer, session: readonly ConsoleCommand[]): Promise<string[][]> {
  const script = session.map(({ command }) => `${command}\necho; echo '${MARK}'`).join('\n');
  const here = script
    .replaceAll('127.0.0.1:7171', server.address)
    .replaceAll('127.0.0.1:7172', `127.0.0.1:${server.server.opsPort}`);
  const output = await shell(here);
  return output.split(`\n${MARK}\n`).map((part) => part.split('\n').filter((line) => line !== ''));
}

async function shell(script: string): Promise<string> {
  const child = spawn('bash', ['-c', script], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  let output = '';
  for await (const chunk of child.stdout) output += chunk;
  return output;
}
