// Goal: namespaces survive a restart where the answers say so, and what the file defines belongs to the file. Method:
// real processes over a state directory and a configuration file.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { createNamespace, getNamespace, settingsOf } from '../support/admin-calls.ts';
import { cacheCalls, msOf, seconds } from '../support/cache-calls.ts';
import { errorOf } from '../support/call.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const { deleteNamespace, updateNamespace } = AdminServiceService;

interface Directory extends AsyncDisposable {
  readonly path: string;
}

async function temporaryDirectory(): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'reprise-state-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

/** Runs a server on a state directory, ends it as asked, and returns what the session returned. */
async function session<T>(
  flags: string[],
  end: NodeJS.Signals,
  run: (server: ServerProcess) => Promise<T>,
): Promise<T> {
  await using server = await startServerProcess({ flags });
  const result = await run(server);
  server.kill(end);
  await server.ended;
  return result;
}

for (const end of ['SIGTERM', 'SIGKILL'] as const) {
  test(`with --state a namespace survives ${end} as it was, without its entries`, async () => {
    await using state = await temporaryDirectory();
    const flags = ['--state', join(state.path, 'made', 'by', 'it')];
    const before = await session(flags, end, async (server) => {
      await createNamespace(server, 'n', { defaultTtl: seconds(7) });
      await cacheCalls(server, 'n').stored('k', 'v');
      const settings = settingsOf({ ttlJitterRatio: 0.25 });
      return (await server.call(updateNamespace, { name: 'n', settings })).namespace!;
    });
    const after = await session(flags, end, (server) => getNamespace(server, 'n'));
    assert.equal(before.durable, true);
    assert.deepEqual({ ...after, usage: undefined }, { ...before, usage: undefined });
    assert.equal(after.usage?.entries, 0n);
  });
}

test('with --state a deletion is durable', async () => {
  await using state = await temporaryDirectory();
  const flags = ['--state', state.path];
  const deleted = await session(flags, 'SIGTERM', async (server) => {
    await createNamespace(server, 'n');
    return await server.call(deleteNamespace, { name: 'n' });
  });
  assert.equal(deleted.durable, true);
  const after = await session(flags, 'SIGTERM', (server) => errorOf(getNamespace(server, 'n')));
  assert.equal(after.reason, 'NAMESPACE_NOT_FOUND');
});

test('two servers don’t share a state directory', async () => {
  await using state = await temporaryDirectory();
  const flags = ['--state', state.path];
  await using first = await startServerProcess({ flags });
  await assert.rejects(startServerProcess({ flags }), /ended with 1/);
  await createNamespace(first, 'n');
});

const FILE = `
namespaces:
  sessions:
    defaultTtl: 90s
    capacity: 1MiB
  default:
    maxTtl: 2h
    defaultTtl: 5s
`;

test('what the file defines is there, is said to be durable and belongs to the file', async () => {
  await using directory = await temporaryDirectory();
  const config = join(directory.path, 'reprise.yaml');
  await writeFile(config, FILE);
  await using server = await startServerProcess({ flags: ['--config', config] });
  const sessions = await getNamespace(server, 'sessions');
  assert.deepEqual([sessions.managedByFile, sessions.durable], [true, true]);
  assert.deepEqual([msOf(sessions.settings?.defaultTtl), sessions.settings?.capacityBytes], [90_000, 1_048_576n]);
  assert.equal(msOf((await cacheCalls(server).stored('k', 'v')).freshFor), 5000, 'the file may define `default`');
  for (const name of ['sessions', 'default']) {
    const updating = server.call(updateNamespace, { name, settings: settingsOf({ ttlJitterRatio: 0.1 }) });
    assert.equal((await errorOf(updating)).reason, 'MANAGED_BY_FILE');
  }
  assert.equal((await errorOf(server.call(deleteNamespace, { name: 'sessions' }))).reason, 'MANAGED_BY_FILE');
  assert.equal((await errorOf(createNamespace(server, 'sessions'))).reason, 'NAMESPACE_EXISTS');
});

test('the file wins over a definition in the state directory, which comes back without the file', async () => {
  await using directory = await temporaryDirectory();
  const config = join(directory.path, 'reprise.yaml');
  await writeFile(config, FILE);
  const state = ['--state', join(directory.path, 'state')];
  const byAdmin = { defaultTtl: seconds(1) };
  await session(state, 'SIGTERM', (server) => createNamespace(server, 'sessions', byAdmin));
  const both = [...state, '--config', config];
  const withFile = await session(both, 'SIGTERM', (server) => getNamespace(server, 'sessions'));
  const without = await session(state, 'SIGTERM', (server) => getNamespace(server, 'sessions'));
  assert.deepEqual(
    [withFile, without].map(({ settings }) => msOf(settings?.defaultTtl)),
    [90_000, 1000],
  );
});
