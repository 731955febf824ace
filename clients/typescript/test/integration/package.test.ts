import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from '../support/server.ts';

// What applications get: the built package, and the example.

const FOLDER = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

test('the built package works on the Node of this machine, which may be as old as 20', async () => {
  assert.ok(existsSync(`${FOLDER}dist/index.d.ts`), 'run `npm run build` first');
  await using server = await startServer();
  const { stdout } = await run('node', ['test/support/use-package.mjs', server.address], {
    cwd: FOLDER,
    timeout: 60_000,
  });
  const said = JSON.parse(stdout) as { node: string; told: string[]; serving: boolean };
  assert.ok(Number(said.node.split('.')[0]) >= 20);
  assert.deepEqual([said.told.length, said.serving], [1, true]);
});

test('the example says what happens', async () => {
  await using server = await startServer();
  const { stdout } = await run(process.execPath, ['examples/tour.ts', server.address], {
    cwd: FOLDER,
    timeout: 60_000,
  });
  assert.match(stdout, /^computed: Karma Police\nread: Karma Police fresh for \d+ s\ntold: TAG\nthen: miss\n$/);
});
