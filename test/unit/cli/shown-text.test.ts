// Goal: figures, tables, values and failures read well, and terminals get nothing they would act on. Method: examples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import fc from 'fast-check';
import { adviceFor } from '../../../src/cli/advice.ts';
import { CallError } from '../../../src/cli/call-error.ts';
import { exitCodes } from '../../../src/cli/exit-codes.ts';
import { formatBytes, formatRate, formatShare, formatSpan } from '../../../src/cli/format-figures.ts';
import { fieldsText, tableText } from '../../../src/cli/print-table.ts';
import { retryDelayMs } from '../../../src/cli/retry-delay.ts';
import { type Figures, ratesBetween } from '../../../src/cli/stats-figures.ts';
import { callErrorText, exitOfCallError } from '../../../src/cli/tell-error.ts';
import { plainCause } from '../../../src/cli/unreachable.ts';
import { isShowable, jsonValueOf, previewOf, textOf } from '../../../src/cli/value-text.ts';
import { GetStatsResponse } from '../../../src/gen/reprise/v1/admin_service.ts';
import { checkProperty } from '../../support/check-property.ts';

test('spans show their two largest units', () => {
  const spans = [0, 0.2, 999, 1000, 59_999, 60_000, 3_599_999, 3_600_000, 86_400_000, 90_000_000, 2_592_000_000];
  assert.deepEqual(spans.map(formatSpan), [
    '0s',
    '1ms',
    '999ms',
    '1s',
    '59.9s',
    '1m',
    '59m59s',
    '1h',
    '1d',
    '1d1h',
    '30d',
  ]);
});

test('bytes show three digits', () => {
  const sizes = [0, 999, 1000, 1024, 1536, 102_400, 67_108_864, 1.5 * 1024 ** 3, 5000 * 1024 ** 4];
  assert.deepEqual(sizes.map(formatBytes), [
    '0B',
    '999B',
    '0.977KiB',
    '1KiB',
    '1.5KiB',
    '100KiB',
    '64MiB',
    '1.5GiB',
    '5000TiB',
  ]);
});

test('shares and rates', () => {
  assert.deepEqual([formatShare(0, 0), formatShare(1, 3), formatShare(2, 2)], ['–', '33.3%', '100.0%']);
  assert.deepEqual([0, 0.25, 99.94, 100, 1234.5].map(formatRate), ['0', '0.3', '99.9', '100', '1235']);
});

test('tables align their columns, figures to the right, without spaces at the end', () => {
  const rows = [
    ['NAME', 'N', ''],
    ['a', '10', 'x'],
    ['\u001b[2mü\u001b[22m', '9'],
  ];
  assert.equal(tableText(rows, { right: [1] }), 'NAME   N\na     10  x\n\u001b[2mü\u001b[22m      9\n');
});

test('fields that are absent are left out', () => {
  assert.equal(fieldsText({ a: '1', b: undefined, long: '2' }), 'a     1\nlong  2\n');
});

test('a value is text only if it is UTF-8', () => {
  assert.equal(textOf(Buffer.from('ü')), 'ü');
  assert.equal(textOf(Buffer.from([0xc3])), undefined);
  assert.deepEqual(jsonValueOf(Buffer.from([0xff])), { valueBase64: '/w==' });
  checkProperty(
    fc.property(fc.uint8Array(), (bytes) => {
      const shown = jsonValueOf(Buffer.from(bytes));
      const back = 'value' in shown ? Buffer.from(shown.value) : Buffer.from(shown.valueBase64, 'base64');
      assert.deepEqual(back, Buffer.from(bytes));
    }),
  );
});

test('nothing that a terminal acts on is shown', () => {
  assert.ok(isShowable('ü\t1\r\n'));
  for (const control of ['\u001b', '\u0000', '\u009b', '\u007f', '\b']) assert.ok(!isShowable(control));
  checkProperty(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(previewOf(Buffer.from(text)), /\p{Cc}/u);
    }),
  );
});

test('a preview is short, and tells bytes by their number', () => {
  assert.equal(previewOf(Buffer.from('a"b\n')), '"a\\"b\\n"');
  assert.equal(previewOf(Buffer.from([0xff, 0xff])), '2 bytes');
  assert.equal(previewOf(Buffer.from('x'.repeat(49))), `"${'x'.repeat(48)}"…`);
});

test('a failed call is told with facts, reason and what to do, and decides the exit code', () => {
  const told = (code: status, reason: string | undefined, facts: [string, string][] = []): string =>
    callErrorText('get', new CallError('No.', { code, reason, facts: new Map(facts), retryAfterMs: undefined }));
  assert.equal(told(status.INTERNAL, 'UNHEARD_OF'), 'reprise get: No. [UNHEARD_OF]');
  assert.equal(told(status.UNKNOWN, undefined, [['a', '1']]), 'reprise get: No. (a 1) [UNKNOWN]');
  assert.match(told(status.DEADLINE_EXCEEDED, undefined), /\[DEADLINE_EXCEEDED\]\nGive it more time with --timeout/);
  const exits = [status.INVALID_ARGUMENT, status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.NOT_FOUND];
  assert.deepEqual(
    exits.map((code) => exitOfCallError({ code })),
    ['usage', 'unavailable', 'unavailable', 'failed'],
  );
});

test('advice goes by the reason where there is one', () => {
  assert.match(adviceFor({ code: status.NOT_FOUND, reason: 'NAMESPACE_NOT_FOUND' })!, /namespaces create/);
  assert.equal(adviceFor({ code: status.UNAVAILABLE, reason: 'SOMETHING_NEW' }), undefined);
});

test('connections that fail are told in plain words', () => {
  const said = (last: string): string =>
    plainCause(`No connection established. Last error: ${last}. Resolution note: `);
  assert.equal(said('Error: connect ECONNREFUSED 127.0.0.1:1'), 'connect ECONNREFUSED 127.0.0.1:1');
  assert.equal(said('Failed to connect (2026-11-22T14:04:13.840Z)'), 'Failed to connect');
  assert.equal(said('Error: self-signed certificate; if the root CA is installed, do'), 'self-signed certificate');
  assert.equal(
    said('Error: 40A3:error:0A00010B:SSL routines:tls_record:wrong version number:../m.c:78:\n'),
    'TLS failed, wrong version number',
  );
  assert.equal(plainCause('read ECONNRESET'), 'read ECONNRESET');
});

test('waits are random up to a bound that doubles from 100 ms to 10 s', () => {
  const longest = [1, 2, 3, 7, 8, 1000].map((failures) => retryDelayMs(failures, { float: () => 1 }));
  assert.deepEqual(longest, [100, 200, 400, 6400, 10_000, 10_000]);
  assert.equal(retryDelayMs(5, { float: () => 0 }), 0);
});

test('rates are growth by time, and begin anew with a server that does', () => {
  const figures = (hits: bigint): Figures => ({ ...GetStatsResponse.decode(Buffer.alloc(0)), hits });
  assert.equal(ratesBetween(figures(10n), figures(30n), 2000).hits, 10);
  assert.equal(ratesBetween(figures(10n), figures(4n), 2000).hits, 2);
});

test('exit codes are all different', () => {
  const codes = Object.values(exitCodes).map(({ code }) => code);
  assert.equal(new Set<number>(codes).size, codes.length);
});
