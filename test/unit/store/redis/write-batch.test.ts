// Goal: commands of one turn leave together and in order, and a lone one does not wait for the end of it. Method: a
// socket that remembers its system calls: a write, or a list of writes that were corked.
import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WriteBatch } from '../../../../src/store/redis/connection/write-batch.ts';

class RememberingSocket extends Socket {
  readonly calls: string[] = [];

  override _write(chunk: Buffer | string, _encoding: string, done: () => void): void {
    this.calls.push(String(chunk));
    done();
  }

  override _writev(chunks: { chunk: Buffer | string }[], done: () => void): void {
    this.calls.push(chunks.map(({ chunk }) => String(chunk)).join(''));
    done();
  }
}

test('what is written in one turn leaves in one call, at its end', async () => {
  const socket = new RememberingSocket();
  const batch = new WriteBatch(socket);
  for (const command of ['a', 'b', 'c']) {
    batch.schedule(false);
    batch.write(command);
  }
  await Promise.resolve();
  assert.deepEqual(socket.calls, []);
  await nextTurn();
  assert.deepEqual(socket.calls, ['abc']);
});

test('bytes and texts leave in their order, in one call', async () => {
  const socket = new RememberingSocket();
  const batch = new WriteBatch(socket);
  batch.schedule(false);
  for (const part of ['a', Buffer.from('b'), 'c', 'd', Buffer.from('e')]) batch.write(part);
  await nextTurn();
  assert.deepEqual(socket.calls, ['abcde']);
});

test('a command for which nobody else waits leaves when the code that runs now is done', async () => {
  const socket = new RememberingSocket();
  const batch = new WriteBatch(socket);
  batch.schedule(true);
  batch.write('a');
  assert.deepEqual(socket.calls, []);
  await new Promise<void>((resolve) => process.nextTick(resolve));
  assert.deepEqual(socket.calls, ['a']);
});

test('nothing is written to a socket that has ended', async () => {
  const socket = new RememberingSocket();
  const batch = new WriteBatch(socket);
  batch.schedule(false);
  batch.write('a');
  socket.destroy();
  await nextTurn();
  assert.deepEqual(socket.calls, []);
});
