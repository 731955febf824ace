// Goal: a link speaks TLS, logs in with few rights, and says what is wrong where it can't. Method: a real server with
// certificates and an ACL; wrong passwords, authorities and schemes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OperatingError } from '../../../src/base/operating-error.ts';
import { openLink, startLink } from '../../../src/store/redis/open-link.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { countUp, linkOptions, luaScript, openTestLink, reasonOf } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

let rig: RedisRig;

before(async () => {
  rig = await openStandalone({ tls: true, acl: true });
});
after(() => rig.stop());

/** Waits until a link says why it can't be used; that is also what opening it comes to. */
async function refused(url: string, caFile: string | undefined, why: RegExp): Promise<void> {
  const link = startLink(linkOptions({ url, caFile }));
  try {
    await until(() => why.test(link.why), { what: `${why}; it says ${link.why}` });
    assert.equal(link.ready, false);
    assert.doesNotMatch(link.why, /password|127\.0\.0\.1|wrong-secret/);
  } finally {
    await link.close();
  }
}

test('scripts run and channels ring over TLS with the rights of the documentation', async () => {
  const link = await openTestLink(rig);
  assert.equal((await link.run('commands', countUp('reprise:{p}a'))).answer, 1);
  await link.listen(
    'reprise:{p}bell',
    () => {},
    () => {},
  );
  await link.close();
});

test('what is outside the prefix is refused, and nothing is changed', async () => {
  const link = await openTestLink(rig);
  assert.equal(await reasonOf(link.run('commands', countUp('foreign'))), 'STORE_UNAVAILABLE');
  const partly = luaScript("redis.call('INCR', KEYS[1]); redis.call('INCR', 'foreign')");
  const call = { script: partly, keys: ['reprise:{p}b'], args: [] };
  // The first command of the script had run.
  assert.equal(await reasonOf(link.run('commands', call)), 'OUTCOME_UNKNOWN');
  await link.close();
});

test('a wrong password is told, and not repeated', () =>
  refused(rig.url.replace('service-password', 'wrong-secret'), rig.caFile, /refuses the login/));

test('opening such a link fails with the reason', async () => {
  const url = rig.url.replace('service-password', 'wrong-secret');
  await assert.rejects(openLink(linkOptions({ url, caFile: rig.caFile }), 1500), (error: OperatingError) => {
    assert.equal(error.reason, 'STORE_UNAVAILABLE');
    assert.match(error.message, /^the store can't be used: /);
    return true;
  });
});

test('a missing login is told', () => refused(rig.url.replace(/\/\/.*@/, '//'), rig.caFile, /wants a login/));

test('an unknown authority is told', () => refused(rig.url, undefined, /not from a known authority/));

// The stream of a handshake that is broken off has errors that no handler of ioredis hears: they ended the process.
test('a link that is closed at any moment of its handshakes ends nothing else', async () => {
  for (let turns = 0; turns < 100; turns++) {
    const link = startLink(linkOptions({ url: rig.url, caFile: turns % 2 === 0 ? rig.caFile : undefined }));
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    await link.close();
  }
  const link = await openTestLink(rig);
  assert.equal(typeof (await link.run('commands', countUp('reprise:{p}closed'))).answer, 'number');
  await link.close();
});

test('a server that speaks TLS only is told to whoever speaks plain', () =>
  refused(rig.url.replace('rediss', 'redis'), undefined, /ended the connection as soon as it began/));
