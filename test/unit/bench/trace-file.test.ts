// Goal: traces are read as they are written, and what is wrong is told with file and line. Method: small files.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadTrace } from '../../../bench/traces/trace.ts';
import { parseTraceLine, readTraceFile, TraceFileError, type TraceRequest } from '../../../bench/traces/trace-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'reprise-trace-'));
after(() => rmSync(directory, { recursive: true }));

function fileWith(name: string, bytes: string | Uint8Array): string {
  const path = join(directory, name);
  writeFileSync(path, bytes);
  return path;
}

async function readAll(path: string): Promise<readonly TraceRequest[]> {
  const requests: TraceRequest[] = [];
  for await (const request of readTraceFile(path)) requests.push(request);
  return requests;
}

async function failureOf(path: string): Promise<TraceFileError> {
  const error = await readAll(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TraceFileError);
  return error;
}

test('a trace of keys is read in order', async () => {
  const requests = await readAll(fileWith('keys.txt', '0\n1\n0\n'));
  assert.deepEqual(
    requests.map(({ key }) => key),
    [0, 1, 0],
  );
});

test('a compressed trace with sizes is read', async () => {
  const trace = await loadTrace(fileWith('sizes.txt.gz', gzipSync('0 68\n1 7454\n0 68\n')));
  assert.deepEqual([...trace.keys], [0, 1, 0]);
  assert.deepEqual([...trace.sizesBytes!], [68, 7454, 68]);
  assert.equal(trace.name, 'sizes');
  assert.equal(trace.uniqueKeys, 2);
});

test('no more requests are read than asked for', async () => {
  assert.equal((await loadTrace(fileWith('many.txt', '0\n1\n2\n'), 2)).requests, 2);
});

test('a wrong line is named', async () => {
  const path = fileWith('wrong.txt', '0\nx\n');
  const { line, message } = await failureOf(path);
  assert.equal(line, 2);
  assert.ok(message.startsWith(`${path}:2: `), message);
});

test('a line without size among sized ones is named', async () => {
  assert.equal((await failureOf(fileWith('mixed.txt', '0 1\n1\n'))).line, 2);
});

test('a missing file and a damaged one are told without a line', async () => {
  for (const path of [join(directory, 'none.txt'), join(directory, 'none.txt.gz'), fileWith('bad.txt.gz', 'no gzip')]) {
    const { line, message } = await failureOf(path);
    assert.equal(line, undefined);
    assert.ok(message.startsWith(`${path}: `), message);
  }
});

test('lines that are no request are refused', () => {
  for (const text of ['', ' 1', '1 ', '-1', '1.5', '1  2', '1 2 3', '4294967296', '1 4294967296']) {
    assert.equal(parseTraceLine(text), undefined, JSON.stringify(text));
  }
  assert.deepEqual(parseTraceLine('4294967295 4294967295'), { key: 4294967295, sizeBytes: 4294967295 });
});
