import { readFileSync } from 'node:fs';
import { ServerCredentials } from '@grpc/grpc-js';

/** PEM files of the server. */
export interface CredentialFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Authorities whose clients are let in; absent: clients need no certificate. */
  readonly clientCaFile?: string;
}

/** Returns the credentials with which a port is bound: TLS from files, or none. Throws if a file can't be read. */
export function serverCredentials(files: CredentialFiles | undefined): ServerCredentials {
  if (files === undefined) return ServerCredentials.createInsecure();
  const clientCa = files.clientCaFile === undefined ? null : readPem(files.clientCaFile);
  const pair = { cert_chain: readPem(files.certFile), private_key: readPem(files.keyFile) };
  return ServerCredentials.createSsl(clientCa, [pair], clientCa !== null);
}

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new Error(`can't read the TLS file ${file} (${code}): check the path and its permissions`, { cause });
  }
}
