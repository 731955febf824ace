// Goal: what docs/fleet.md shows of a namespace's choice is what one sees. Method: its commands run in a shell against a
// node over a real Redis, which is killed where the document says that it goes away.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { cacheCalls } from '../support/cache-calls.ts';
import { errorFacts } from '../support/call.ts';
import { type ConsoleCommand, consoleCommands, cutSection, printsAsDocumented } from '../support/console-blocks.ts';
import { startFleet } from '../support/fleet-nodes.ts';
import { until } from '../support/until.ts';

const root = new URL('../..', import.meta.url).pathname;
const document = readFileSync(`${root}docs/fleet.md`, 'utf8');
const AWAY = 'Then Redis goes away:';
const run = promisify(execFile);

async function check(session: readonly ConsoleCommand[], server: string): Promise<void> {
  const env = { ...process.env, PATH: `${root}bin:${process.env['PATH']}`, REPRISE_SERVER: server };
  for (const { command, expected } of session) {
    // What fails is shown too.
    const { stdout } = await run('bash', ['-c', `exec 2>&1\n${command}\ntrue`], { env });
    const lines = stdout.split('\n').filter((line) => line !== '');
    assert.ok(printsAsDocumented(lines, expected), `${command}\nshowed:\n${stdout}\nexpected:\n${expected.join('\n')}`);
  }
}

test('the example of what a namespace may choose shows what it shows', async () => {
  const { section } = cutSection(document, '## What a namespace may choose');
  const [before, after] = section.split(AWAY).map(consoleCommands);
  assert.ok(before!.length > 0 && after!.length > 0);
  await using fleet = await startFleet(1);
  const [node] = fleet.nodes;
  await check(before!, node!.address);
  await cacheCalls(node!).stored('probe', 'v');
  await fleet.redis.servers[0]!.kill();
  const refused = (): Promise<boolean> =>
    cacheCalls(node!)
      .get('probe')
      .then(
        () => false,
        (error: unknown) => errorFacts(error).reason === 'STORE_UNAVAILABLE',
      );
  await until(refused, { what: 'reads that memory may not answer any more' });
  await check(after!, node!.address);
});
