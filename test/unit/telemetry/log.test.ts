// Goal: the log tells what operators need and can't hold what callers sent. Method: lines caught in memory.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/base/clock.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { createLog, type Log } from '../../../src/telemetry/log.ts';
import { logEvents } from '../../../src/telemetry/log-events.ts';

function caughtLog(level: 'debug' | 'info' | 'error' = 'info'): { log: Log; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const clock = { ...systemClock, nowMs: () => 0 };
  const log = createLog({ level, clock, sink: { write: (line) => lines.push(JSON.parse(line)) } });
  return { log, lines };
}

test('an event is one JSON line with level, time, name, fields and text', () => {
  const { log, lines } = caughtLog();
  log.write('opsListening', { host: '127.0.0.1', port: 7172 });
  assert.deepEqual(lines, [
    {
      level: 'info',
      time: '1970-01-01T00:00:00.000Z',
      event: 'opsListening',
      host: '127.0.0.1',
      port: 7172,
      msg: 'serving metrics and probes',
    },
  ]);
});

test('fields that the table does not name are dropped', () => {
  const { log, lines } = caughtLog();
  const fields = { namespace: 'orders', key: 'user:1', value: 'secret' };
  log.write('namespaceDeleted', fields);
  assert.doesNotMatch(JSON.stringify(lines), /user:1|secret/);
});

test('long texts are cut', () => {
  const { log, lines } = caughtLog();
  log.write('namespaceDeleted', { namespace: 'n'.repeat(1000) });
  assert.equal(lines[0]?.['namespace'], 'n'.repeat(256));
});

test('the text of a foreign error, which may quote a value, is not logged', () => {
  const { log, lines } = caughtLog();
  for (const text of ['{"secret', 'secret\n    at secret (x.ts:1:1)\n    at secret:1:1']) {
    const error = new TypeError(text, { cause: new Error(text) });
    log.write('bugCaught', { error });
  }
  assert.equal(lines.length, 2);
  assert.doesNotMatch(JSON.stringify(lines), /secret/);
  assert.match(JSON.stringify(lines[0]), /"type":"TypeError".*log\.test\.ts:\d+/);
});

test('a thrown value that is no error is told by its type only', () => {
  const { log, lines } = caughtLog();
  log.write('bugCaught', { error: 'secret' });
  assert.deepEqual(lines[0]?.['error'], { type: 'string' });
});

test('an operating error keeps its reason and text, its cause the code of the system', () => {
  const { log, lines } = caughtLog();
  const cause = Object.assign(new Error('ENOSPC: no space left on device, write'), {
    code: 'ENOSPC',
    syscall: 'write',
  });
  const error = new OperatingError('STATE_UNAVAILABLE', 'the state directory is full', { cause });
  log.write('stateWriteFailed', { error });
  const logged = lines[0]?.['error'] as Record<string, unknown>;
  assert.equal(logged['reason'], 'STATE_UNAVAILABLE');
  assert.equal(logged['message'], 'the state directory is full');
  assert.equal((logged['cause'] as Record<string, unknown>)['message'], cause.message);
});

test('a chain of causes is followed four times', () => {
  const { log, lines } = caughtLog();
  const endless = new Error('around');
  endless.cause = endless;
  log.write('bugCaught', { error: endless });
  assert.equal(JSON.stringify(lines).match(/"type"/g)?.length, 5);
});

test('events below the level are not written, until it is changed', () => {
  const { log, lines } = caughtLog('info');
  log.write('callRefused', { rpc: 'Get', reason: 'KEY_TOO_LONG' });
  log.setLevel('debug');
  log.write('callRefused', { rpc: 'Get', reason: 'KEY_TOO_LONG' });
  assert.equal(lines.length, 1);
  assert.equal(log.level, 'debug');
});

test('every event has a text and a help', () => {
  for (const [name, { message, help }] of Object.entries(logEvents)) {
    assert.ok(message.length > 0 && help.endsWith('.'), name);
  }
});
