// Goal: a spool keeps what it acknowledged, in order, over crashes, damage, full disks and rivals, or says what is wrong.
// Method: temporary directories, files cut and changed by hand, a disk that fails on demand, processes that are killed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { limits } from '../../../../src/base/limits.ts';
import { OperatingError } from '../../../../src/base/operating-error.ts';
import { type AppendFile, openAppendFile } from '../../../../src/store/file/append-file.ts';
import { openSpool } from '../../../../src/store/file/open-spool.ts';
import type { Spool } from '../../../../src/store/spool.ts';
import { openedSpool, someDeferred, spoolDirectory, tagsIn } from '../../../support/spool.ts';

const MODULE = new URL('../../../../src/store/file/open-spool.ts', import.meta.url).href;

function fileOf(directory: string): string {
  return join(directory, 'deferred.jsonl');
}

function refusedWith(reason: string, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof OperatingError && error.reason === reason && pattern.test(error.message);
}

/** Returns a directory that holds these, and the lines of its file. */
async function directoryWith(context: TestContext, ...tags: string[]): Promise<{ directory: string; lines: string[] }> {
  const directory = spoolDirectory(context);
  const spool = await openSpool(directory);
  for (const tag of tags) await spool.append(someDeferred(tag));
  await spool.close();
  return { directory, lines: readFileSync(fileOf(directory), 'utf8').trimEnd().split('\n') };
}

test('what was appended is there again after a restart, in order and in full', async (context) => {
  const { directory } = await directoryWith(context, 'a', 'b', 'c');
  const spool = await openedSpool(context, directory);
  assert.deepEqual([spool.size, tagsIn(spool), spool.damage], [3, ['a', 'b', 'c'], undefined]);
  assert.deepEqual(spool.at(0), someDeferred('a'));
  assert.equal(spool.at(3), undefined);
});

test('appends at the same time are kept in the order of the calls', async (context) => {
  const directory = spoolDirectory(context);
  const spool = await openSpool(directory);
  const tags = Array.from({ length: 200 }, (_, index) => `t${index}`);
  await Promise.all(tags.map((tag) => spool.append(someDeferred(tag))));
  await spool.close();
  assert.deepEqual(tagsIn(await openedSpool(context, directory)), tags);
});

test('what was removed stays away, and the rest and what comes then stay in order', async (context) => {
  const { directory } = await directoryWith(context, 'a', 'b', 'c');
  const before = await openSpool(directory);
  await before.removeOldest(2);
  await before.append(someDeferred('d'));
  assert.deepEqual([before.size, tagsIn(before)], [2, ['c', 'd']]);
  await before.close();
  assert.deepEqual(tagsIn(await openedSpool(context, directory)), ['c', 'd']);
});

test('when all were removed the file is empty, and goes on', async (context) => {
  const { directory } = await directoryWith(context, 'a', 'b');
  const before = await openSpool(directory);
  await before.removeOldest(2);
  assert.equal(statSync(fileOf(directory)).size, 0);
  await before.append(someDeferred('c'));
  await before.close();
  assert.deepEqual(tagsIn(await openedSpool(context, directory)), ['c']);
});

test('selectors of all kinds, and text of any script, come back as they were', async (context) => {
  const directory = spoolDirectory(context);
  const kept = someDeferred('', {
    selectors: [{ kind: 'key', key: '"ключ"\\ 鍵' }, { kind: 'prefix', prefix: 'a:' }, { kind: 'namespace' }],
    mode: 'mark-stale',
  });
  const before = await openSpool(directory);
  await before.append(kept);
  await before.close();
  assert.deepEqual((await openedSpool(context, directory)).at(0), kept);
});

test('the files are for the eyes of their owner only', async (context) => {
  const { directory } = await directoryWith(context, 'a');
  assert.equal(statSync(fileOf(directory)).mode & 0o777, 0o600);
  const made = join(directory, 'x', 'y');
  await openedSpool(context, made);
  assert.equal(statSync(made).mode & 0o777, 0o700);
});

test('a last line that was cut off anywhere is ignored, and what follows it is kept', async (context) => {
  const { lines } = await directoryWith(context, 'a', 'b');
  const whole = Buffer.byteLength(lines.join('\n'));
  const first = Buffer.byteLength(lines[0]!) + 1;
  for (const bytes of [first + 1, first + 30, whole - 1]) {
    const { directory } = await directoryWith(context, 'a', 'b');
    truncateSync(fileOf(directory), bytes);
    const before = await openSpool(directory);
    assert.deepEqual([tagsIn(before), before.damage], [['a'], undefined], `${bytes}`);
    await before.append(someDeferred('c'));
    await before.close();
    assert.deepEqual(tagsIn(await openedSpool(context, directory)), ['a', 'c']);
  }
});

test('a last line that lacks only its end is kept', async (context) => {
  const { directory, lines } = await directoryWith(context, 'a', 'b');
  truncateSync(fileOf(directory), Buffer.byteLength(lines.join('\n')));
  const before = await openSpool(directory);
  await before.append(someDeferred('c'));
  await before.close();
  assert.deepEqual(tagsIn(await openedSpool(context, directory)), ['a', 'b', 'c']);
});

test('damaged lines are named once, the file is kept as it was, and the rest counts', async (context) => {
  const { directory, lines } = await directoryWith(context, 'aa', 'bb', 'cc', 'dd');
  // A flipped bit makes another tag of it, in a line that is still JSON.
  const damaged = [lines[0], lines[1]!.replace('"bb"', '"bc"'), '', lines[2], lines[3]].join('\n');
  writeFileSync(fileOf(directory), `${damaged}\n`);
  const before = await openSpool(directory);
  assert.deepEqual(before.damage, { file: 'deferred.jsonl', lines: [2, 3], keptAs: 'damaged.jsonl' });
  assert.deepEqual(tagsIn(before), ['aa', 'cc', 'dd']);
  assert.equal(readFileSync(join(directory, 'damaged.jsonl'), 'utf8'), `${damaged}\n`);
  await before.removeOldest(1);
  await before.close();
  const after = await openedSpool(context, directory);
  assert.deepEqual([after.damage, tagsIn(after)], [undefined, ['cc', 'dd']]);
});

test('a damaged note of what was made brings it back rather than losing another', async (context) => {
  const { directory } = await directoryWith(context, 'a', 'b');
  const before = await openSpool(directory);
  await before.removeOldest(1);
  await before.close();
  const text = readFileSync(fileOf(directory), 'utf8');
  writeFileSync(fileOf(directory), text.replace('"upTo":1', '"upTo":2'));
  const after = await openedSpool(context, directory);
  assert.deepEqual([tagsIn(after), after.damage?.lines], [['a', 'b'], [3]]);
});

test('what another version wrote is refused and left alone', async (context) => {
  const { directory } = await directoryWith(context, 'a');
  const { crc32 } = await import('node:zlib');
  const content = '{"format":2,"kind":"new"}';
  const line = `{"check":"${crc32(content).toString(16).padStart(8, '0')}",${content.slice(1)}\n`;
  const text = readFileSync(fileOf(directory), 'utf8') + line;
  writeFileSync(fileOf(directory), text);
  await assert.rejects(
    openSpool(directory),
    refusedWith('STATE_UNAVAILABLE', /deferred\.jsonl can't be used: .*format 2/),
  );
  assert.equal(readFileSync(fileOf(directory), 'utf8'), text);
});

test('a directory belongs to one spool at a time, and to the next when that is closed', async (context) => {
  const directory = spoolDirectory(context);
  const first = await openSpool(directory);
  const used = refusedWith('STATE_UNAVAILABLE', /spool directory .* is used by another server/);
  await assert.rejects(openSpool(directory), used);
  await first.close();
  await openedSpool(context, directory);
});

test('a path that is no directory is refused', async (context) => {
  const { directory } = await directoryWith(context);
  await assert.rejects(openSpool(fileOf(directory)), refusedWith('STATE_UNAVAILABLE', /can't be made \(EEXIST\)/));
});

test('as many are kept as the limit says, and one more when one has left', async (context) => {
  const spool = await openedSpool(context);
  const all = Array.from({ length: limits.spooledInvalidationsMax }, () => spool.append(someDeferred('t')));
  const full = refusedWith('SPOOL_FULL', /as many deferred invalidations as it may/);
  await assert.rejects(spool.append(someDeferred('t')), full);
  await Promise.all(all);
  await assert.rejects(spool.append(someDeferred('t')), full);
  await spool.removeOldest(1);
  await spool.append(someDeferred('last'));
  assert.equal(tagsIn(spool).at(-1), 'last');
});

/** One that takes so many bytes in the file. */
function ofBytes(bytes: number) {
  const more = (length: number) => someDeferred('', { selectors: [{ kind: 'key', key: 'k'.repeat(length) }] });
  const line = { format: 1, kind: 'deferred', number: 1, invalidation: more(0) };
  const frame = Buffer.byteLength(JSON.stringify(line)) + '"check":"00000000",'.length + 1;
  return more(bytes - frame);
}

test('as many bytes are kept as the limit says, and not one more', async (context) => {
  const spool = await openedSpool(context);
  await assert.rejects(spool.append(ofBytes(limits.spoolBytesMax + 1)), refusedWith('SPOOL_FULL', /./));
  await spool.append(ofBytes(limits.spoolBytesMax));
  await assert.rejects(spool.append(someDeferred('t')), refusedWith('SPOOL_FULL', /./));
});

test('the file does not grow without bound where it is never empty', async (context) => {
  const directory = spoolDirectory(context);
  const spool = await openSpool(directory);
  const large = ofBytes(limits.spoolBytesMax / 4);
  await spool.append(large);
  for (let round = 0; round < 12; round++) {
    await spool.append(large);
    await spool.removeOldest(1);
    assert.ok(statSync(fileOf(directory)).size < 2.5 * limits.spoolBytesMax);
  }
  await spool.append(someDeferred('newest'));
  await spool.close();
  const after = await openedSpool(context, directory);
  assert.deepEqual([after.size, tagsIn(after)], [2, ['newest']]);
});

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });

/** Opens a file of the machine that fails while `disk.full`. */
function failingOn(disk: { full: boolean }): typeof openAppendFile {
  return async (path) => {
    const file = await openAppendFile(path);
    const guarded = <T>(act: () => Promise<T>): Promise<T> => (disk.full ? Promise.reject(full) : act());
    const failing: AppendFile = {
      get bytes() {
        return file.bytes;
      },
      append: (text) => guarded(() => file.append(text)),
      replace: (content) => guarded(() => file.replace(content)),
      clear: () => guarded(() => file.clear()),
      close: () => file.close(),
    };
    return failing;
  };
}

test('what a full disk refused is not kept, and there is room for it later', async (context) => {
  const disk = { full: true };
  const spool: Spool = await openSpool(spoolDirectory(context), failingOn(disk));
  context.after(() => spool.close());
  const refused = refusedWith('STATE_UNAVAILABLE', /spool directory \(ENOSPC\)/);
  await assert.rejects(spool.append(someDeferred('a')), refused);
  assert.equal(spool.size, 0);
  disk.full = false;
  await spool.append(someDeferred('b'));
  disk.full = true;
  await assert.rejects(spool.removeOldest(1), refusedWith('STATE_UNAVAILABLE', /ENOSPC/));
  assert.deepEqual([spool.size, tagsIn(spool)], [1, ['b']]);
  disk.full = false;
  await spool.removeOldest(1);
  assert.equal(spool.size, 0);
});

/** Runs a script of ES module code to its end, or until it is killed. Returns what it wrote. */
async function run(command: readonly string[], context: TestContext): Promise<string> {
  const child = spawn(command[0]!, command.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => child.kill('SIGKILL'));
  let written = '';
  child.stdout.on('data', (chunk: Buffer) => {
    written += chunk;
  });
  await once(child, 'close');
  return written;
}

function script(directory: string, body: string): string {
  const deferred = JSON.stringify(someDeferred('t'));
  return `import { openSpool } from '${MODULE}';
const spool = await openSpool('${directory}');
const deferred = (tag) => ({ ...${deferred}, selectors: [{ kind: 'tag', tag }] });
${body}`;
}

test('a piece that a full disk left behind does not spoil what follows', async (context) => {
  const directory = spoolDirectory(context);
  // The kernel writes up to the limit of 4 KiB and refuses the rest, in the midst of a line.
  const body = `let refused = 0;
for (let i = 0; i < 40; i++) await spool.append(deferred('t' + i)).catch(() => refused++);
console.log(spool.size, refused);`;
  const node = `trap '' XFSZ; ulimit -f 4; exec "$0" --input-type=module -e "$1"`;
  const said = await run(['bash', '-c', node, process.execPath, script(directory, body)], context);
  const [kept, refused] = said.trim().split(' ').map(Number);
  assert.ok(kept! > 5 && refused! > 5 && kept! + refused! === 40, said);
  const spool = await openedSpool(context, directory);
  const tags = Array.from({ length: kept! }, (_, index) => `t${index}`);
  assert.deepEqual([tagsIn(spool), spool.damage], [tags, undefined]);
  assert.match(readFileSync(fileOf(directory), 'utf8'), /\n$/, 'no piece was left');
});

test('whatever was acknowledged before a kill is there, and the lock is free', async (context) => {
  const directory = spoolDirectory(context);
  const body = `for (let i = 0; ; i++) {
  await spool.append(deferred('t' + i));
  process.stdout.write(i + '\\n');
  if (i === 150) process.kill(process.pid, 'SIGKILL');
  if (i % 10 === 9) await spool.removeOldest(5);
}`;
  const said = await run([process.execPath, '--input-type=module', '-e', script(directory, body)], context);
  const newest = Number(said.trim().split('\n').at(-1));
  const spool = await openedSpool(context, directory);
  const removed = 5 * Math.floor(151 / 10);
  assert.ok(newest >= 149, said.slice(-50));
  assert.deepEqual(
    tagsIn(spool),
    Array.from({ length: 151 - removed }, (_, index) => `t${removed + index}`),
  );
});
