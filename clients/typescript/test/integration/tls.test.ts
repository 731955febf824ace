import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { makeCertificates } from '../../../../test/support/certificates.ts';
import { connect, UnavailableError } from '../../src/index.ts';
import { startServer } from '../support/server.ts';

// TLS: who is trusted, who is let in, by which name.

test('with the authority and a certificate it is let in; without them it is not', async () => {
  await using certificates = await makeCertificates();
  const { authority, server: own, client: mine, stranger } = certificates;
  const flags = ['--tls-cert', own.certFile, '--tls-key', own.keyFile, '--tls-client-ca', authority.certFile];
  await using server = await startServer({ flags });
  const tls = { ca: authority.certFile, cert: mine.certFile, key: mine.keyFile };
  await using client = await connect(server.address, { tls, credential: 'secret', timeoutMs: 20_000 });
  assert.equal((await client.set('a', 1)).kind, 'stored');

  const [ca, cert, key] = await Promise.all([tls.ca, tls.cert, tls.key].map((file) => readFile(file)));
  const named = { ca: ca!, cert: cert!, key: key!, serverName: 'localhost' };
  await using bytes = await connect([server.address, server.address], { tls: named, timeoutMs: 20_000 });
  assert.equal((await bytes.get('a')).valueOr(0), 1);

  for (const [why, options] of [
    ['an authority that is not trusted', { ...tls, ca: stranger.certFile }],
    ['a certificate of a stranger', { ...tls, cert: stranger.certFile, key: stranger.keyFile }],
    ['another name than the certificate has', { ...tls, serverName: 'elsewhere.example' }],
    ['no certificate', { ca: tls.ca }],
  ] as const) {
    await using refused = await connect(server.address, { tls: options });
    await assert.rejects(refused.get('a'), UnavailableError, why);
  }
  await assert.rejects(connect(server.address, { tls: { ca: '/no/such/file' } }), { code: 'ENOENT' });
});
