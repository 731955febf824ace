// Goal: several processes share a port only where they are one cache, or the message says why not. Method: what flags,
// environment and file may give, resolved.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workersMax } from '../../../src/config/config.ts';
import { parseConfigText } from '../../../src/config/config-file.ts';
import { resolveConfig } from '../../../src/config/resolve-config.ts';

const REDIS = { redis: 'redis://127.0.0.1:6379' };

async function workers(flags: Record<string, string>, env: Record<string, string> = {}): Promise<number> {
  return (await resolveConfig({ flags: new Map(Object.entries(flags)), env })).workers;
}

function refused(flags: Record<string, string>, why: RegExp): Promise<void> {
  return assert.rejects(workers(flags), { name: 'ConfigError', message: why });
}

test('one process serves where nothing is said', async () => {
  assert.equal(await workers({}), 1);
  assert.equal(await workers(REDIS), 1);
});

test('a fleet takes workers from a flag, the environment or the file', async () => {
  assert.equal(await workers({ ...REDIS, workers: '4' }), 4);
  assert.equal(await workers(REDIS, { REPRISE_WORKERS: '2' }), 2);
  assert.equal(parseConfigText('redis: { workers: 3 }', 'file').given.workers, 3);
});

test('a server alone refuses more than one, and says why', async () => {
  assert.equal(await workers({ workers: '1' }), 1);
  await refused({ workers: '2' }, /^--workers needs --redis: .* memory of one process/);
});

test('a spool is of one process', async () => {
  await refused({ ...REDIS, workers: '2', spool: 'dir' }, /^--workers and --spool exclude each other/);
  assert.equal(await workers({ ...REDIS, workers: '1', spool: 'dir' }), 1);
});

test(`1 to ${workersMax} are allowed`, async () => {
  assert.equal(await workers({ ...REDIS, workers: String(workersMax) }), workersMax);
  for (const count of ['0', String(workersMax + 1), '-1', '1.5', 'many', '']) {
    await refused({ ...REDIS, workers: count }, /^--workers: expected a whole number from \d to 64, found/);
  }
});
