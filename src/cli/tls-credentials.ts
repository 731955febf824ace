import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { type ChannelCredentials, type ChannelOptions, credentials, type VerifyOptions } from '@grpc/grpc-js';
import { ConfigError } from '../config/config-error.ts';
import type { ClientTls } from './connection-flags.ts';

/** How a channel speaks TLS, or does not. */
export interface ChannelSecurity {
  readonly credentials: ChannelCredentials;
  /** Options of the channel that belong to them. */
  readonly options: ChannelOptions;
}

/** Returns how to speak to a host. Throws a ConfigError if a file can't be read. */
export function channelSecurity(host: string, tls: ClientTls | undefined): ChannelSecurity {
  if (tls === undefined) return { credentials: credentials.createInsecure(), options: {} };
  const { caFile, pair } = tls;
  const authorities = caFile === undefined ? undefined : pemOf(caFile, '--tls-ca');
  const [key, cert] = pair === undefined ? [] : [pemOf(pair.keyFile, '--tls-key'), pemOf(pair.certFile, '--tls-cert')];
  const { verify, options } = identityOf(host);
  try {
    return { credentials: credentials.createSsl(authorities, key, cert, verify), options };
  } catch (cause) {
    throw new ConfigError(`the files of the TLS flags can't be used: ${(cause as Error).message}`, { cause });
  }
}

// A TLS handshake names hosts, never addresses (RFC 6066, section 3), and Node refuses to name one. grpc-js names the
// target whatever it is: so it is given a name to say, and the certificate is checked against the address all the same.
function identityOf(host: string): { verify: VerifyOptions; options: ChannelOptions } {
  if (isIP(host) === 0) return { verify: {}, options: {} };
  return {
    verify: { checkServerIdentity: (_named, cert) => checkServerIdentity(host, cert) },
    options: { 'grpc.ssl_target_name_override': 'localhost' },
  };
}

function pemOf(file: string, flag: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new ConfigError(`${flag}: ${(cause as Error).message}`, { cause });
  }
}
