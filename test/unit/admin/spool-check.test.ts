// Goal: what waits in the spool, and what of it was lost, is told with figures, and nothing where all is well. Method:
// spools made by hand, at the bound and just below.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSpool } from '../../../src/admin/check-spool.ts';
import { limits } from '../../../src/base/limits.ts';

async function told({ waiting = 0, dropped = 0, damaged = 0 }): Promise<string[]> {
  const findings = await checkSpool({ waiting, oldestMs: 90_000, counts: { dropped, damaged } }).look();
  return findings.map(({ severity, what }) => `${severity} ${what}`);
}

test('an empty spool is no finding', async () => {
  assert.deepEqual(await told({}), []);
});

test('what waits is a warning, and an error once hardly any more can be kept', async () => {
  const nearly = limits.spooledInvalidationsMax * 0.9;
  assert.match((await told({ waiting: nearly - 1 }))[0]!, /^warning 8 999 deferred .* oldest for 1.5 min: .*cover$/);
  assert.match((await told({ waiting: nearly }))[0]!, /^error 9 000 deferred .*hardly any more can be deferred$/);
});

test('what could not be read comes first, and what was dropped last', async () => {
  const severities = (await told({ waiting: 1, dropped: 2, damaged: 3 })).map((each) => each.split(' ', 2));
  assert.deepEqual(severities, [
    ['error', '3'],
    ['warning', '1'],
    ['info', '2'],
  ]);
});
