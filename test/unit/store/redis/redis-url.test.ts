// Goal: URLs of all shapes are read, and whoever makes a mistake is told what to do without seeing the password again.
// Method: one table of what is read, one of mistakes; what is shown is searched for the password.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRedisUrl, redactedUrl } from '../../../../src/store/redis/redis-url.ts';
import { RedisUrlError } from '../../../../src/store/redis/redis-url-error.ts';

const at = (host: string, port: number): { host: string; port: number } => ({ host, port });

test('a URL of one server', () => {
  assert.deepEqual(parseRedisUrl('redis://cache.example'), {
    shape: 'standalone',
    tls: false,
    login: undefined,
    address: at('cache.example', 6379),
    database: 0,
  });
  assert.deepEqual(parseRedisUrl('rediss://name:pa%40ss@[::1]:6380/3'), {
    shape: 'standalone',
    tls: true,
    login: { name: 'name', password: 'pa@ss' },
    address: at('::1', 6380),
    database: 3,
  });
});

test('a password without a name, and one with an @ that was not encoded', () => {
  assert.deepEqual(parseRedisUrl('redis://:secret@h').login, { name: undefined, password: 'secret' });
  assert.deepEqual(parseRedisUrl('redis://n:a@b:c@h').login, { name: 'n', password: 'a@b:c' });
});

test('a URL of Sentinels', () => {
  assert.deepEqual(parseRedisUrl('rediss+sentinel://n:p@a:1,b/primary-1'), {
    shape: 'sentinel',
    tls: true,
    login: { name: 'n', password: 'p' },
    sentinels: [at('a', 1), at('b', 26_379)],
    primaryName: 'primary-1',
  });
});

test('a URL of a cluster', () => {
  assert.deepEqual(parseRedisUrl('redis+cluster://10.0.0.1:7000,10.0.0.2'), {
    shape: 'cluster',
    tls: false,
    login: undefined,
    nodes: [at('10.0.0.1', 7000), at('10.0.0.2', 6379)],
  });
});

const MISTAKES: readonly (readonly [url: string, problem: string, whatToDo: RegExp])[] = [
  ['', 'scheme', /begin it with redis:\/\//],
  ['http://h', 'scheme', /redis\+cluster/],
  ['redis+proxy://h', 'scheme', /redis\+sentinel/],
  ['redis://', 'host', /every host is/],
  ['redis+cluster://a,,b', 'host', /commas/],
  ['redis+cluster://a, b', 'host', /no spaces/],
  ['redis://h:0', 'port', /1 to 65535/],
  ['redis://h:65536', 'port', /1 to 65535/],
  ['redis://h:x', 'port', /after a colon/],
  ['redis://secret@h', 'login', /:PASSWORD@/],
  ['redis://n:@h', 'login', /NAME:PASSWORD@/],
  ['redis://n:sec/ret@h', 'encoding', /%2F/],
  ['redis://n:sec%ret@h', 'encoding', /%25/],
  ['redis://a,b', 'one-server-expected', /redis\+sentinel/],
  ['redis://h/name', 'database', /number of a database/],
  ['redis://h/16384', 'database', /number of a database/],
  ['redis+cluster://h/1', 'database', /one database only/],
  ['redis+sentinel://a,b', 'primary-name', /sentinel monitor NAME/],
  ['redis+sentinel://a/b/c', 'primary-name', /sentinel monitor NAME/],
  ['redis://h?tls=true', 'settings', /as options/],
  ['redis://h/0#x', 'settings', /as options/],
];

for (const [url, problem, whatToDo] of MISTAKES) {
  test(`${url === '' ? 'an empty URL' : url} is told to be wrong in its ${problem}`, () => {
    assert.throws(
      () => parseRedisUrl(url),
      (error: RedisUrlError) => {
        assert.ok(error instanceof RedisUrlError);
        assert.equal(error.problem, problem);
        assert.match(error.message, whatToDo);
        assert.doesNotMatch(error.message, /sec/);
        return true;
      },
    );
  });
}

test('a URL is shown without its login', () => {
  const shown = (url: string): string => redactedUrl(parseRedisUrl(url));
  assert.equal(shown('redis://name:secret@h/2'), 'redis://***@h:6379/2');
  assert.equal(shown('rediss+sentinel://:secret@a,[::2]:9/p'), 'rediss+sentinel://***@a:26379,[::2]:9/p');
  assert.equal(shown('redis+cluster://a:1,b:2'), 'redis+cluster://a:1,b:2');
});
