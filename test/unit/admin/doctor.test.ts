// Goal: Doctor tells the gravest first, and one check that fails or hangs does not hide the others. Method: checks that
// find, fail, hang and break, with a clock of the test.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Check, Finding, Severity } from '../../../src/admin/check.ts';
import { type Diagnosis, examine } from '../../../src/admin/doctor.ts';
import { OperatingError } from '../../../src/base/operating-error.ts';
import { ManualClock } from '../../support/manual-clock.ts';

function finding(severity: Severity): Finding {
  return { severity, what: `a ${severity}`, whatToDo: 'mend it' };
}

function finds(name: string, ...severities: Severity[]): Check {
  return { name, look: () => severities.map(finding) };
}

function told({ findings }: Diagnosis): string[] {
  return findings.map(({ check, severity }) => `${severity} ${check}`);
}

test('all checks are named, and their findings are sorted by gravity', async () => {
  const clock = new ManualClock();
  const checks = [finds('a', 'info', 'error'), finds('b'), finds('c', 'error', 'warning')];
  const diagnosis = await examine(checks, clock);
  assert.deepEqual(diagnosis.checks, ['a', 'b', 'c']);
  assert.deepEqual(told(diagnosis), ['error a', 'error c', 'warning c', 'info a']);
  assert.equal(clock.timers, 0);
});

test('a check that the store keeps from looking is a finding', async () => {
  const look = async () => Promise.reject(new OperatingError('STORE_UNAVAILABLE', 'nobody is there'));
  const { findings } = await examine([{ name: 'a', look }, finds('b', 'info')], new ManualClock());
  assert.deepEqual(
    findings.map(({ check, severity, what }) => `${severity} ${check} ${what}`),
    ['error a this could not be looked at: nobody is there', 'info b a info'],
  );
});

test('a check that hangs is a finding after 3 s', async () => {
  const clock = new ManualClock();
  const answer = examine([{ name: 'a', look: () => new Promise(() => undefined) }, finds('b', 'info')], clock);
  await turn();
  clock.advance(3000);
  assert.deepEqual(told(await answer), ['error a', 'info b']);
});

test('a bug in a check is a bug', async () => {
  const look = (): never => {
    throw new TypeError('oh');
  };
  await assert.rejects(examine([{ name: 'a', look }], new ManualClock()), TypeError);
});
