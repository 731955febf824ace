import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { checkServerIdentity as checkIdentity } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials, type VerifyOptions } from '@grpc/grpc-js';
import type { Target } from './target.ts';
import { isLoopback } from './target.ts';

/** PEM text: bytes, or the path of a file. */
export type Pem = string | Uint8Array;

/** How TLS is spoken. All of it has defaults: `{}` trusts what Node trusts. */
export interface TlsOptions {
  /** Who is trusted to sign the server's certificate. */
  readonly ca?: Pem;
  /** The client's certificate, with `key`, for servers that ask for one. */
  readonly cert?: Pem;
  /** The certificate's private key. */
  readonly key?: Pem;
  /** The name in the server's certificate. Default: the host of the target, or of any of several. */
  readonly serverName?: string;
}

/** What decides how a channel is protected. */
export interface SecurityOptions {
  /** `true` is `{}`. Absent: no TLS. */
  readonly tls?: TlsOptions | boolean;
  /** Speak without TLS to other machines too. */
  readonly insecure?: boolean;
  /** A bearer credential, or what is asked for one with each call. */
  readonly credential?: string | (() => string | Promise<string>);
}

/** What a channel is opened with. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  readonly options: ChannelOptions;
}

/** Returns how to open a channel. Throws a TypeError for what would be unsafe, and what reading the files throws. */
export async function channelSecurity(
  targets: readonly Target[],
  { tls, insecure = false, credential }: SecurityOptions,
): Promise<ChannelSecurity> {
  if (tls !== undefined && tls !== false) return withTls(targets, tls === true ? {} : tls);
  if (targets.every(isLoopback)) return { credentials: credentials.createInsecure(), options: {} };
  if (credential !== undefined) throw new TypeError('A credential goes to another machine only with `tls`.');
  if (!insecure) throw new TypeError('Another machine needs `tls`, or `insecure: true`.');
  return { credentials: credentials.createInsecure(), options: {} };
}

async function withTls(
  targets: readonly Target[],
  { ca, cert, key, serverName }: TlsOptions,
): Promise<ChannelSecurity> {
  const [caPem, keyPem, certPem] = await Promise.all([pemOf(ca), pemOf(key), pemOf(cert)]);
  const { verify, options } = identityOf(serverName === undefined ? targets.map(({ host }) => host) : [serverName]);
  return { credentials: credentials.createSsl(caPem, keyPem, certPem, verify), options };
}

// A TLS handshake names hosts, never addresses (RFC 6066, section 3), and Node refuses to name one. grpc-js names the
// target whatever it is, and one for all of a list: so it is given a name to say, and the certificate is checked here.
function identityOf(hosts: readonly string[]): { readonly verify: VerifyOptions; readonly options: ChannelOptions } {
  const name = hosts.find((host) => isIP(host) === 0) ?? 'localhost';
  const checkServerIdentity: NonNullable<VerifyOptions['checkServerIdentity']> = (_named, certificate) => {
    const failures = hosts.map((host) => checkIdentity(host, certificate));
    return failures.includes(undefined) ? undefined : failures[0];
  };
  return { verify: { checkServerIdentity }, options: { 'grpc.ssl_target_name_override': name } };
}

async function pemOf(pem: Pem | undefined): Promise<Buffer | null> {
  if (pem === undefined) return null;
  return typeof pem === 'string' ? readFile(pem) : Buffer.from(pem);
}
