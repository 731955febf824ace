// Goal: with TLS flags only those speak to the server who may, and whatever other machines reach is encrypted unless the
// operator says otherwise. Method: real processes, certificates made by openssl.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, credentials, status } from '@grpc/grpc-js';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { cacheCalls } from '../support/cache-calls.ts';
import { call, errorOf } from '../support/call.ts';
import { type Certificates, type KeyPair, makeCertificates } from '../support/certificates.ts';
import { namedChannel, runServer, type ServerProcess, startServerProcess } from '../support/server-process.ts';

let made: Certificates;

before(async () => {
  made = await makeCertificates();
});

after(async () => {
  await made[Symbol.asyncDispose]();
});

function tlsFlags(): string[] {
  return ['--tls-cert', made.server.certFile, '--tls-key', made.server.keyFile];
}

function startTls(more: string[] = []): Promise<ServerProcess> {
  return startServerProcess({
    flags: [...tlsFlags(), ...more],
    credentials: credentials.createSsl(made.authority.cert, made.client.key, made.client.cert),
  });
}

/** Calls once with other credentials. Returns the gRPC code. */
async function codeWith(server: ServerProcess, own: ReturnType<typeof credentials.createSsl>): Promise<status> {
  const client = new Client(server.address, own, namedChannel);
  try {
    const calling = call(client, CacheServiceService.get, { key: 'k' }, { deadline: Date.now() + 10_000 });
    return (await errorOf(calling)).code;
  } finally {
    client.close();
  }
}

function ssl(pair?: KeyPair, authority = made.authority): ReturnType<typeof credentials.createSsl> {
  return pair === undefined
    ? credentials.createSsl(authority.cert)
    : credentials.createSsl(authority.cert, pair.key, pair.cert);
}

test('a client that knows the authority is served over TLS', async () => {
  await using server = await startTls();
  await cacheCalls(server).stored('k', 'v');
  assert.equal(server.logged('serverListening')[0]?.['tls'], true);
});

test('a client without TLS is not served', async () => {
  await using server = await startTls();
  assert.equal(await codeWith(server, credentials.createInsecure()), status.UNAVAILABLE);
  await cacheCalls(server).stored('k', 'v');
});

test('a client that knows another authority does not trust the server', async () => {
  await using server = await startTls();
  assert.equal(await codeWith(server, ssl(undefined, made.stranger)), status.UNAVAILABLE);
});

test('with a client authority a client needs a certificate from it', async () => {
  await using server = await startTls(['--tls-client-ca', made.authority.certFile]);
  await cacheCalls(server).stored('k', 'v');
  assert.equal(await codeWith(server, ssl()), status.UNAVAILABLE, 'no certificate');
  assert.equal(await codeWith(server, ssl(made.stranger)), status.UNAVAILABLE, 'from another authority');
});

test('addresses that other machines reach are refused without TLS, with what to do', async () => {
  for (const host of ['0.0.0.0', '[::]']) {
    const { code, stderr } = await runServer(['--listen', `${host}:0`, '--ops-listen', 'off']);
    assert.equal(code, 2);
    for (const advice of ['--tls-cert', '--tls-key', '127.0.0.1', '--insecure']) assert.ok(stderr.includes(advice));
  }
});

test('the ops port speaks no TLS and is refused elsewhere than on loopback', async () => {
  const flags = ['--listen', '127.0.0.1:0', ...tlsFlags(), '--ops-listen', '0.0.0.0:0'];
  const { code, stderr } = await runServer(flags);
  assert.equal(code, 2);
  assert.match(stderr, /--ops-listen/);
});

test('--insecure takes the risk, and the log says so', async () => {
  await using server = await startServerProcess({ flags: ['--listen', '0.0.0.0:0', '--insecure'] });
  await cacheCalls(server).stored('k', 'v');
  const [line] = server.logged('callersAnonymous');
  assert.deepEqual([line?.level, line?.['insecure']], ['warn', true]);
});

test('every address is allowed with TLS', async () => {
  await using server = await startTls(['--listen', '0.0.0.0:0']);
  await cacheCalls(server).stored('k', 'v');
});

test('a certificate without its key is refused', async () => {
  const { code, stderr } = await runServer(['--listen', '127.0.0.1:0', '--tls-cert', made.server.certFile]);
  assert.equal(code, 2);
  assert.match(stderr, /--tls-key/);
});

for (const [what, cert, key] of [
  ['a certificate that is not there', () => '/nonexistent', () => made.server.keyFile],
  ['a key of another certificate', () => made.server.certFile, () => made.client.keyFile],
  ['a key that is none', () => made.server.certFile, () => made.server.certFile],
] as const) {
  test(`${what} keeps the server from starting`, async () => {
    const tls = ['--tls-cert', cert(), '--tls-key', key()];
    const { code } = await runServer(['--listen', '127.0.0.1:0', '--ops-listen', 'off', ...tls]);
    assert.ok(code === 1 || code === 2);
  });
}
