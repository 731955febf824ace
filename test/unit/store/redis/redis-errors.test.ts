// Goal: whatever Redis answers becomes a reason that is true, with what to do for whoever runs it, and tells no keys.
// Method: errors as Redis 7 words them, for scripts that read and scripts that change.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isUnanswered } from '../../../../src/store/no-answer.ts';
import { connectionFailure, openingFailure, SERVER_SILENT } from '../../../../src/store/redis/connection-failure.ts';
import { replyError, unansweredError } from '../../../../src/store/redis/redis-errors.ts';
import { answerOf } from '../../../../src/store/redis/run-call.ts';

const IN_SCRIPT = ' script: 28863cad3f40f45a3f482d2ba92fd9ab80faf994, on @user_script:12.';

const NOTHING_CHANGED = [
  `READONLY You can't write against a read only replica.${IN_SCRIPT}`,
  'LOADING Redis is loading the dataset in memory',
  "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.",
  'CLUSTERDOWN Hash slot not served',
  'TRYAGAIN Multiple keys request during rehashing of slot',
  'MOVED 3999 10.1.2.3:6381',
  'ASK 3999 10.1.2.3:6381',
  `NOREPLICAS Not enough good replicas to write.${IN_SCRIPT}`,
  `OOM command not allowed when used memory > 'maxmemory'.${IN_SCRIPT}`,
  'MISCONF Redis is configured to save RDB snapshots',
  'BUSY Redis is busy running a script.',
  'NOAUTH Authentication required.',
  "NOPERM this user has no permissions to run the 'evalsha' command",
];

for (const message of NOTHING_CHANGED) {
  test(`after ${message.split(' ', 1)[0]} nothing was changed`, () => {
    for (const effect of ['reads', 'changes'] as const) {
      const error = replyError(message, effect);
      assert.equal(error.reason, 'STORE_UNAVAILABLE');
      assert.ok(error.detail.retryAfterMs! > 0);
      assert.match(String(error.cause), new RegExp(`^Error: ${message.split(' ', 1)[0]}: .{20,}`));
      assert.doesNotMatch(`${error.message} ${error.cause}`, /10\.1\.2\.3|3999/);
    }
  });
}

const AFTER_WRITES = [
  `WRONGTYPE Operation against a key holding the wrong kind of value${IN_SCRIPT}`,
  `ERR The user executing the script can't run this command or subcommand${IN_SCRIPT}`,
  `ERR user_script:12: attempt to index a nil value${IN_SCRIPT}`,
];

for (const message of AFTER_WRITES) {
  test(`a change that ended with ${message.slice(0, 40)}… may have been applied in part`, () => {
    assert.equal(replyError(message, 'changes').reason, 'OUTCOME_UNKNOWN');
    const read = replyError(message, 'reads');
    assert.equal(read.reason, 'STORE_UNAVAILABLE');
    assert.match(String(read.cause), /@user_script:12/);
  });
}

test('a reason of our own scripts is passed on with its facts', () => {
  const error = replyError(
    'REQUEST_IDS_FULL the table is full requestIds=9 requestIdsMax=9 retryAfterMs=70',
    'changes',
  );
  assert.equal(error.reason, 'REQUEST_IDS_FULL');
  assert.deepEqual(error.detail, { metadata: { requestIds: 9, requestIdsMax: 9 }, retryAfterMs: 70 });
  assert.equal(replyError('STORE_UNAVAILABLE the server is no primary', 'changes').detail.retryAfterMs, 250);
  assert.equal(replyError('NAMESPACE_NOT_FOUND', 'reads').detail.retryAfterMs, undefined);
});

const SCRIPTS = new URL('../../../../src/store/redis/scripts/', import.meta.url);

test('every reason that a script gives is passed on', () => {
  const files = readdirSync(SCRIPTS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.lua'));
  const texts = files.map((file) => readFileSync(new URL(file, SCRIPTS), 'utf8')).join('');
  const given = [...texts.matchAll(/error_reply\('([A-Z_]+)/g)].map(([, reason]) => reason!);
  assert.ok(given.length > 0);
  for (const reason of given) assert.equal(replyError(`${reason} and why`, 'changes').reason, reason);
});

test('a call without an answer is unknown only if it changes something', () => {
  assert.equal(unansweredError(SERVER_SILENT, 'reads').reason, 'STORE_UNAVAILABLE');
  assert.equal(unansweredError(SERVER_SILENT, 'changes').reason, 'OUTCOME_UNKNOWN');
});

function coded(code: string): Error {
  return Object.assign(new Error('connect to 10.1.2.3:6379'), { code });
}

test('errors of the network and of certificates are explained without addresses', () => {
  const explained: Record<string, RegExp> = {
    ECONNREFUSED: /nothing listens/,
    ENOTFOUND: /no address/,
    ETIMEDOUT: /can't be reached/,
    DEPTH_ZERO_SELF_SIGNED_CERT: /known authority/,
    ERR_TLS_CERT_ALTNAME_INVALID: /names another host/,
    CERT_HAS_EXPIRED: /expired/,
    ERR_SSL_WRONG_VERSION_NUMBER: /TLS could not be agreed/,
    ECONNRESET: /was lost/,
  };
  for (const [code, what] of Object.entries(explained)) {
    const failure = connectionFailure(coded(code));
    assert.match(failure.what, what);
    assert.equal(failure.code, code);
    assert.doesNotMatch(JSON.stringify(failure), /10\.1\.2\.3/);
  }
});

test('several addresses that fail are explained by the first', () => {
  assert.match(connectionFailure(new AggregateError([coded('ECONNREFUSED')])).what, /nothing listens/);
});

test('a connection that ends as it begins is explained by what speaks there', () => {
  assert.match(openingFailure(undefined, false).whatToDo, /rediss/);
  assert.match(openingFailure(coded('ETIMEDOUT'), true).what, /TLS/);
  assert.match(openingFailure(coded('ETIMEDOUT'), false).what, /reached/);
});

test('a call without an answer is told from one that was answered with an error', () => {
  for (const effect of ['reads', 'changes'] as const) {
    assert.ok(isUnanswered(unansweredError(SERVER_SILENT, effect)));
    for (const message of [...NOTHING_CHANGED, ...AFTER_WRITES]) assert.ok(!isUnanswered(replyError(message, effect)));
  }
});

test('a call that could not be sent has no answer either', () => {
  const unsent = (): unknown => answerOf({ kind: 'unsent', failure: SERVER_SILENT }, { keys: ['k'] }, '');
  assert.throws(
    unsent,
    (error) => isUnanswered(error) && (error as { reason?: string }).reason === 'STORE_UNAVAILABLE',
  );
});
