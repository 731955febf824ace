// Goal: a state directory survives restarts, crashes, full disks and rivals, or says what is wrong. Method: temporary
// directories, a disk that fails on demand, a second process.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ControlDocuments } from '../../../src/store/control-documents.ts';
import { durableFiles } from '../../../src/store/file/durable-files.ts';
import { type FileControlOptions, openFileControlDocuments } from '../../../src/store/file/file-control-documents.ts';
import { somePut } from '../../suite/control-documents-suite.ts';

const MODULE = new URL('../../../src/store/file/file-control-documents.ts', import.meta.url).href;
const ORDERS = ['documents', 'namespace@orders.json'] as const;
const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });

function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reprise-state-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function opened(
  context: TestContext,
  directory: string,
  options?: FileControlOptions,
): Promise<ControlDocuments> {
  const documents = await openFileControlDocuments(directory, options);
  context.after(() => documents.close());
  return documents;
}

async function directoryWithOrders(context: TestContext): Promise<string> {
  const directory = temporaryDirectory(context);
  const documents = await openFileControlDocuments(directory);
  await documents.put(somePut());
  await documents.secret('tokens');
  await documents.close();
  return directory;
}

test('documents, secrets and the deployment id are there again after a restart', async (context) => {
  const directory = temporaryDirectory(context);
  const before = await openFileControlDocuments(directory);
  await before.put(somePut());
  await before.put(somePut({ name: 'removed' }));
  await before.remove({ kind: 'namespace', name: 'removed', expectedVersion: 1 });
  const [listed, secret] = [await before.list('namespace'), await before.secret('tokens')];
  await before.close();
  const after = await opened(context, directory);
  assert.equal(after.durable, true);
  assert.deepEqual(await after.list('namespace'), listed);
  assert.deepEqual(await after.secret('tokens'), secret);
  assert.equal(after.deploymentId, before.deploymentId);
});

test('two directories have different deployment ids', async (context) => {
  const first = await opened(context, temporaryDirectory(context));
  const second = await opened(context, temporaryDirectory(context));
  assert.notEqual(first.deploymentId, second.deploymentId);
});

test('a directory that is not there is made, with those above', async (context) => {
  const directory = join(temporaryDirectory(context), 'a', 'b');
  await opened(context, directory);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
});

test('secrets are for the eyes of their owner only', async (context) => {
  const directory = await directoryWithOrders(context);
  assert.equal(statSync(join(directory, 'secrets', 'tokens')).mode & 0o777, 0o600);
  assert.equal(statSync(join(directory, 'secrets')).mode & 0o777, 0o700);
});

test('changes made at the same time are kept in the order of the calls', async (context) => {
  const directory = temporaryDirectory(context);
  const documents = await openFileControlDocuments(directory);
  const puts = Array.from({ length: 20 }, (_, index) =>
    documents.put(somePut({ expectedVersion: index, body: { index } })),
  );
  await documents.close();
  assert.ok((await Promise.all(puts)).every((result) => result.kind === 'put'));
  const document = await (await opened(context, directory)).get('namespace', 'orders');
  assert.deepEqual([document?.version, document?.body], [20, { index: 19 }]);
});

test('when the disk is full, nothing is changed, and later it works again', async (context) => {
  const disk = { ...durableFiles };
  const documents = await opened(context, temporaryDirectory(context), { files: disk });
  await documents.put(somePut());
  disk.write = disk.remove = () => Promise.reject(full);
  const expected = { name: 'OperatingError', reason: 'STATE_UNAVAILABLE', cause: full };
  await assert.rejects(documents.put(somePut({ expectedVersion: 1 })), expected);
  await assert.rejects(documents.remove({ kind: 'namespace', name: 'orders', expectedVersion: 1 }), expected);
  await assert.rejects(documents.secret('tokens'), expected);
  assert.equal((await documents.get('namespace', 'orders'))?.version, 1);
  disk.write = durableFiles.write;
  assert.equal((await documents.put(somePut({ expectedVersion: 1 }))).kind, 'put');
});

test('the error outward names the code but no path', async (context) => {
  const directory = temporaryDirectory(context);
  const documents = await opened(context, directory);
  rmSync(join(directory, 'documents'), { recursive: true });
  await assert.rejects(documents.put(somePut()), {
    message: 'the change could not be written to the state directory (ENOENT)',
  });
});

test('a write that fails leaves no half file behind', async (context) => {
  const directory = temporaryDirectory(context);
  const target = join(directory, 'target');
  const documents = await openFileControlDocuments(target);
  await documents.close();
  await assert.rejects(durableFiles.write(join(target, 'documents'), 'text'));
  assert.deepEqual(
    readdirSync(target).filter((name) => name.startsWith('.tmp-')),
    [],
  );
});

test('what an interrupted write left is removed at the start', async (context) => {
  const directory = await directoryWithOrders(context);
  writeFileSync(join(directory, 'documents', '.tmp-namespace@orders.json'), '{"for');
  const documents = await opened(context, directory);
  assert.equal((await documents.list('namespace')).length, 1);
  assert.deepEqual(readdirSync(join(directory, 'documents')), [ORDERS[1]]);
});

test('files that are none of ours are left alone', async (context) => {
  const directory = await directoryWithOrders(context);
  writeFileSync(join(directory, 'documents', 'README'), 'mine');
  await opened(context, directory);
  assert.equal(readFileSync(join(directory, 'documents', 'README'), 'utf8'), 'mine');
});

const spoilt: Record<string, string> = {
  'it is not a JSON object': '{"format": 1, "kind": "namesp',
  'its format is not 1': '{"format": 2}',
  'its kind or name is missing': '{"format": 1, "kind": "namespace"}',
  'it holds a document of another name': '{"format": 1, "kind": "namespace", "name": "other"}',
  'its version is not a whole number': '{"format": 1, "kind": "namespace", "name": "orders", "version": 0}',
  'its body is not an object': '{"format": 1, "kind": "namespace", "name": "orders", "version": 1, "body": []}',
};
for (const [problem, text] of Object.entries(spoilt)) {
  test(`a file is refused by its name because ${problem}`, async (context) => {
    const directory = await directoryWithOrders(context);
    const file = join(directory, ...ORDERS);
    writeFileSync(file, text);
    await assert.rejects(openFileControlDocuments(directory), (error: Error) => {
      assert.ok(error.message.startsWith(`${file} can't be used: ${problem}`), error.message);
      return true;
    });
  });
}

test('a spoilt secret or deployment id is refused, not made anew', async (context) => {
  for (const name of ['secrets/tokens', 'deployment-id']) {
    const directory = await directoryWithOrders(context);
    writeFileSync(join(directory, name), 'abc');
    await assert.rejects(openFileControlDocuments(directory), /can't be used: it does not hold \d+ hexadecimal digits/);
  }
});

test('after a refused start the directory is free', async (context) => {
  const directory = await directoryWithOrders(context);
  const text = readFileSync(join(directory, ...ORDERS));
  writeFileSync(join(directory, ...ORDERS), '');
  await assert.rejects(openFileControlDocuments(directory));
  writeFileSync(join(directory, ...ORDERS), text);
  await opened(context, directory);
});

test('a directory serves one server at a time, and the next once it is closed', async (context) => {
  const directory = temporaryDirectory(context);
  const first = await openFileControlDocuments(directory);
  await assert.rejects(openFileControlDocuments(directory), {
    reason: 'STATE_UNAVAILABLE',
    message: /is used by another server: stop that one, or give this one its own$/,
  });
  await first.close();
  await opened(context, directory);
});

test('another process keeps the directory until it dies, however it does', async (context) => {
  const directory = temporaryDirectory(context);
  const script = `
    import { openFileControlDocuments } from ${JSON.stringify(MODULE)};
    globalThis.held = await openFileControlDocuments(${JSON.stringify(directory)});
    console.log('held');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  await assert.rejects(openFileControlDocuments(directory), /used by another server/);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await opened(context, directory);
});

test('a path that can not be a directory is refused with its name', async (context) => {
  const file = join(temporaryDirectory(context), 'file');
  writeFileSync(file, '');
  await assert.rejects(openFileControlDocuments(file), {
    reason: 'STATE_UNAVAILABLE',
    message: `the state directory ${file} can't be made (EEXIST)`,
  });
});
