// Goal: docs/cli.md works line by line, and its tables say what the code says. Method: its commands run in one shell on a
// terminal against a real server, and what they show is compared with the document; tables are compared with the code's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandEntries } from '../../src/cli/commands.ts';
import { connectionFlags } from '../../src/cli/connection-flags.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { type ConsoleCommand, consoleCommands, printsAsDocumented } from '../support/console-blocks.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const root = new URL('../..', import.meta.url).pathname;
const text = readFileSync(`${root}docs/cli.md`, 'utf8');
const MARK = '<<next>>';

test('every command of docs/cli.md shows what the document shows', async (t) => {
  await using server = await startTestServer();
  const commands = consoleCommands(text);
  assert.ok(commands.length >= 30, 'the document has a session');
  const shown = await runOnTerminal(server, commands);
  for (const [index, { command, expected }] of commands.entries()) {
    await t.test(command, () => {
      const lines = shown[index]!;
      assert.ok(printsAsDocumented(lines, expected), `showed:\n${lines.join('\n')}\nexpected:\n${expected.join('\n')}`);
    });
  }
});

test('every command stands in a table, and in an example that is run', () => {
  const run = consoleCommands(text).map(({ command }) => command);
  for (const { name, summary } of commandEntries) {
    assert.ok(text.includes(`| \`reprise ${name}\` | ${summary} |`), name);
    const shown = run.some((command) => command.includes(`reprise ${name} `) || command.endsWith(`reprise ${name}`));
    assert.ok(shown || ['serve', 'completion'].includes(name), `no example of ${name}`);
  }
});

test('the table of the connection is that of the code', () => {
  for (const { name, short, valueName, env, defaultText, help } of connectionFlags) {
    const flags = `${short === undefined ? '' : `-${short}, `}--${name}${valueName === undefined ? '' : ` ${valueName}`}`;
    assert.ok(text.includes(`| \`${flags}\` | \`${env}\` | \`${defaultText}\` | ${help} |\n`), name);
  }
  const known = new Set(connectionFlags.map(({ env }) => env));
  const unknown = [...text.matchAll(/\bREPRISE_[A-Z_]+\b/g)].filter(([variable]) => !known.has(variable));
  assert.deepEqual(unknown, []);
});

test('the table of exit codes is that of the code', () => {
  const rows = Object.values(exitCodes).map(({ code, help }) => `| ${code} | ${help} |\n`);
  assert.ok(text.includes(`| code | meaning |\n| --- | --- |\n${rows.join('')}\n`));
});

/** Runs a session in one bash on a terminal; returns the lines that each command showed. */
async function runOnTerminal(server: TestServer, session: readonly ConsoleCommand[]): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'reprise-session-'));
  try {
    const script = session.map(({ command }) => `${command}\necho; echo '${MARK}'`).join('\n');
    await writeFile(join(folder, 'session'), script.replaceAll('127.0.0.1:7171', server.address));
    const env = { ...process.env, NO_COLOR: '1', TERM: 'xterm', SHELL: '/bin/bash', REPRISE_SERVER: server.address };
    const child = spawn('script', ['-qec', `bash '${join(folder, 'session')}'`, '/dev/null'], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let shown = '';
    for await (const chunk of child.stdout.setEncoding('utf8')) shown += chunk;
    const parts = shown.replaceAll('\r\n', '\n').split(`\n${MARK}\n`);
    return parts.map((part) => part.split('\n').filter((line) => line !== ''));
  } finally {
    await rm(folder, { recursive: true });
  }
}
