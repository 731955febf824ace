// Goal: the code of docs/migration/ioredis.md works, and prints what each line says it prints. Method: its blocks as one
// program against a real server, but for those that show the former library.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServer } from '../support/server.ts';

const PAGE = new URL('../../../../docs/migration/ioredis.md', import.meta.url);
const CLIENT = new URL('../../src/index.ts', import.meta.url);

test('what the page for ioredis shows is what is printed', async () => {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code!);
  const code = blocks.filter((block) => !block.startsWith('// Before\n')).join('\n');
  const expected = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, printed]) => printed!);
  assert.ok(expected.length >= 5);
  await using server = await startServer();
  const shown = "connect('127.0.0.1:7171')";
  assert.ok(code.includes(shown));
  // The default deadline is for machines that are not busy with other tests.
  const here = code.replace(shown, `connect('${server.address}', { timeoutMs: 30_000 })`);
  const flags = ['--input-type=module-typescript', '--eval', here.replace("'reprise-client'", `'${CLIENT}'`)];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: 60_000 });
  assert.deepEqual(stdout.trimEnd().split('\n'), expected);
});
