// Goal: flags win over the environment, that over the defaults, and what makes no sense is refused by name. Method: examples.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ConnectionSettings, connectionFlags, connectionSettings } from '../../../src/cli/connection-flags.ts';
import { flags as serverFlags } from '../../../src/config/flags.ts';

function settings(flags: Record<string, string> = {}, env: Record<string, string> = {}): ConnectionSettings {
  return connectionSettings(new Map(Object.entries(flags)), env);
}

test('where nothing is said the defaults apply, as the help says', () => {
  assert.deepEqual(settings(), {
    server: { host: '127.0.0.1', port: 7171 },
    namespace: 'default',
    tls: undefined,
    timeoutMs: 5000,
    origin: '',
  });
  const told = Object.fromEntries(connectionFlags.map(({ name, defaultText }) => [name, defaultText]));
  const said = settings({ server: told['server']!, timeout: told['timeout']!, namespace: told['namespace']! });
  assert.deepEqual(said, settings());
});

test('every setting is heard from its variable, and from its flag first', () => {
  const env = {
    REPRISE_SERVER: 'a:1',
    REPRISE_NAMESPACE: 'n',
    REPRISE_TIMEOUT: '1s',
    REPRISE_TLS_CA: 'ca.pem',
    REPRISE_CLIENT_TLS_CERT: 'c.pem',
    REPRISE_CLIENT_TLS_KEY: 'k.pem',
    REPRISE_ORIGIN: 'me',
  };
  assert.deepEqual(settings({}, env), {
    server: { host: 'a', port: 1 },
    namespace: 'n',
    tls: { caFile: 'ca.pem', pair: { certFile: 'c.pem', keyFile: 'k.pem' } },
    timeoutMs: 1000,
    origin: 'me',
  });
  const both = settings(
    { server: '[::1]:2', namespace: 'm', timeout: '2s', 'tls-ca': 'other.pem', origin: 'you' },
    env,
  );
  assert.deepEqual(
    [both.server, both.namespace, both.timeoutMs, both.origin],
    [{ host: '::1', port: 2 }, 'm', 2000, 'you'],
  );
  assert.equal(both.tls?.caFile, 'other.pem');
});

test('--tls alone trusts whom Node trusts', () => {
  assert.deepEqual(settings({ tls: 'true' }).tls, {});
  assert.deepEqual(settings({}, { REPRISE_TLS: '1' }).tls, {});
  assert.equal(settings({}, { REPRISE_TLS: 'false' }).tls, undefined);
});

test('what makes no sense is refused by the name of its place', () => {
  assert.throws(() => settings({ server: 'here' }), /^ConfigError: --server: expected HOST:PORT/);
  assert.throws(() => settings({}, { REPRISE_SERVER: 'here' }), /^ConfigError: REPRISE_SERVER: expected HOST:PORT/);
  assert.throws(() => settings({ 'tls-key': 'k' }), /--tls-key needs --tls-cert/);
  assert.throws(() => settings({}, { REPRISE_TLS: 'maybe' }), /REPRISE_TLS: expected true or false/);
});

test('a call may take 1 ms to 1 minute', () => {
  for (const timeout of ['1ms', '1m']) assert.doesNotThrow(() => settings({ timeout }));
  for (const timeout of ['0s', '60001ms']) assert.throws(() => settings({ timeout }), /--timeout: expected 1ms to 1m/);
});

test('no variable of the client means something else to the server', () => {
  const ofServer = new Set(serverFlags.map(({ env }) => env));
  assert.deepEqual(
    connectionFlags.map(({ env }) => env).filter((env) => ofServer.has(env)),
    [],
  );
});
