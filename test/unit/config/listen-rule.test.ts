// Goal: nothing that other machines reach is served in the clear by accident. Method: tables of addresses.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAddress, parseAddress } from '../../../src/config/address.ts';
import { defaultConfig } from '../../../src/config/config.ts';
import { isLoopback, listenProblem } from '../../../src/config/listen-rule.ts';

const open = { host: '0.0.0.0', port: 7171 };
const tls = { certFile: 'cert.pem', keyFile: 'key.pem' };

test('addresses read and write alike, IPv6 in brackets', () => {
  for (const text of ['127.0.0.1:7171', '[::1]:7171', 'localhost:0', 'cache.internal:65535', '[fe80::1%eth0]:1']) {
    assert.equal(formatAddress(parseAddress(text, '--listen')), text);
  }
});

test('what is no address is refused, naming the flag and the form', () => {
  for (const text of ['', '7171', ':7171', '::1:7171', '127.0.0.1', '127.0.0.1:65536', 'a b:1', 'http://a:1', '[]:1']) {
    assert.throws(() => parseAddress(text, '--listen'), /^ConfigError: --listen: expected HOST:PORT such as/);
  }
});

test('loopback is told from what others reach', () => {
  const own = [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::ffff:127.0.0.1',
    'localhost',
    'LOCALHOST',
    '::1%lo',
  ];
  const others = [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '128.0.0.1',
    '::ffff:10.0.0.1',
    'fe80::1%eth0',
    'localhost.evil.org',
    'db',
  ];
  for (const host of own) assert.equal(isLoopback(host), true, host);
  for (const host of others) assert.equal(isLoopback(host), false, host);
});

test('the default is allowed', () => {
  assert.equal(listenProblem(defaultConfig), undefined);
});

test('gRPC in the clear for others is refused, saying what to do', () => {
  const problem = listenProblem({ ...defaultConfig, listen: open });
  assert.match(problem ?? '', /^--listen 0\.0\.0\.0:7171 .*--tls-cert and --tls-key.*--insecure/);
});

test('gRPC for others is allowed with TLS', () => {
  assert.equal(listenProblem({ ...defaultConfig, listen: open, tls }), undefined);
});

test('the ops port for others is refused even with TLS, which it does not speak', () => {
  const problem = listenProblem({ ...defaultConfig, opsListen: { host: '::', port: 7172 }, tls });
  assert.match(problem ?? '', /^--ops-listen \[::\]:7172 .*--ops-listen off.*--insecure/);
});

test('insecure allows both', () => {
  assert.equal(listenProblem({ ...defaultConfig, listen: open, opsListen: open, insecure: true }), undefined);
});

test('no ops port is no problem', () => {
  assert.equal(listenProblem({ ...defaultConfig, opsListen: 'off' }), undefined);
});
