import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A certificate and its private key, as PEM files. */
export interface KeyPair {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Authorities and certificates made by openssl in a temporary directory, which `await using` removes. */
export interface Certificates extends AsyncDisposable {
  readonly authority: KeyPair;
  /** For 127.0.0.1 and localhost, from the authority. */
  readonly server: KeyPair;
  /** From the authority. */
  readonly client: KeyPair;
  /** From an authority that nobody knows. */
  readonly stranger: KeyPair;
}

/** Makes certificates that are valid for a day. */
export async function makeCertificates(): Promise<Certificates> {
  const directory = await mkdtemp(join(tmpdir(), 'reprise-tls-'));
  await writeFile(join(directory, 'san'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  const authority = selfSigned(directory, 'authority');
  const other = selfSigned(directory, 'other');
  return {
    authority,
    server: signed(directory, 'server', authority),
    client: signed(directory, 'client', authority),
    stranger: signed(directory, 'stranger', other),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true }),
  };
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

function selfSigned(directory: string, name: string): KeyPair {
  const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  openssl('req', '-x509', ...NEW_KEY, '-days', '1', '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile);
  return pair(certFile, keyFile);
}

function signed(directory: string, name: string, by: KeyPair): KeyPair {
  const [certFile, keyFile] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
  const requestFile = join(directory, `${name}.csr`);
  openssl('req', '-new', ...NEW_KEY, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', requestFile);
  const authority = ['-CA', by.certFile, '-CAkey', by.keyFile, '-CAcreateserial', '-extfile', join(directory, 'san')];
  openssl('x509', '-req', '-in', requestFile, ...authority, '-days', '1', '-out', certFile);
  return pair(certFile, keyFile);
}

function pair(certFile: string, keyFile: string): KeyPair {
  return { certFile, keyFile, cert: readFileSync(certFile), key: readFileSync(keyFile) };
}

function openssl(...args: string[]): void {
  execFileSync('openssl', args, { stdio: 'ignore' });
}
