import { limits } from '../base/limits.ts';
import { type Address, parseAddress } from '../config/address.ts';
import { ConfigError } from '../config/config-error.ts';
import { parseDurationMs } from '../config/durations.ts';

/** How a command reaches its server. */
export interface ConnectionSettings {
  readonly server: Address;
  readonly namespace: string;
  readonly tls: ClientTls | undefined;
  /** Milliseconds that one call may take. */
  readonly timeoutMs: number;
  /** Names the caller to subscriptions. Empty: unnamed. */
  readonly origin: string;
}

/** How the server is known, and the caller made known, over TLS. */
export interface ClientTls {
  /** PEM file with the authorities that the server's certificate may be from. Absent: those that Node knows. */
  readonly caFile?: string;
  /** PEM files of a certificate and its key, by which the server knows the caller. */
  readonly pair?: { readonly certFile: string; readonly keyFile: string };
}

/** What flags and environment say. What they do not mention is absent. */
interface Given {
  readonly server?: Address;
  readonly namespace?: string;
  readonly tls?: boolean;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly timeoutMs?: number;
  readonly origin?: string;
}

/** One setting of the connection: a flag and an environment variable. */
export interface ConnectionFlag {
  /** Without the dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Stands for the value in help texts. Absent: a switch. */
  readonly valueName?: string;
  readonly env: string;
  /** What applies where nothing is said. */
  readonly defaultText: string;
  /** One line. */
  readonly help: string;
  /** Reads the value; `where` names the place for the error, a ConfigError that says what is allowed. */
  readonly read: (text: string, where: string) => Given;
}

const defaultServer: Address = { host: '127.0.0.1', port: 7171 };
const timeoutMsDefault = 5000;

/** The settings that every command has which calls a server. Options, environment and documentation are made from it. */
export const connectionFlags: readonly ConnectionFlag[] = [
  {
    name: 'server',
    valueName: 'HOST:PORT',
    env: 'REPRISE_SERVER',
    defaultText: '127.0.0.1:7171',
    help: 'The server to call.',
    read: (text, where) => ({ server: parseAddress(text, where) }),
  },
  {
    name: 'namespace',
    short: 'n',
    valueName: 'NAME',
    env: 'REPRISE_NAMESPACE',
    defaultText: 'default',
    help: 'The namespace that keys, tags and tokens belong to.',
    read: (text) => ({ namespace: text }),
  },
  {
    name: 'timeout',
    valueName: 'DURATION',
    env: 'REPRISE_TIMEOUT',
    defaultText: '5s',
    help: 'How long one call may take, 1ms to 1m.',
    read: (text, where) => ({ timeoutMs: parseDurationMs(text, where, { min: 1, max: limits.deadlineMsMax }) }),
  },
  {
    name: 'tls',
    env: 'REPRISE_TLS',
    defaultText: 'off',
    help: 'Speak TLS, and trust the authorities that Node knows. --tls-ca and --tls-cert imply it.',
    read: (text, where) => ({ tls: parseSwitch(text, where) }),
  },
  {
    name: 'tls-ca',
    valueName: 'FILE',
    env: 'REPRISE_TLS_CA',
    defaultText: 'none',
    help: 'PEM file with the authorities to trust instead.',
    read: (text) => ({ caFile: text }),
  },
  {
    name: 'tls-cert',
    valueName: 'FILE',
    env: 'REPRISE_CLIENT_TLS_CERT',
    defaultText: 'none',
    help: "PEM file with the caller's certificate, where the server asks for one. Needs --tls-key.",
    read: (text) => ({ certFile: text }),
  },
  {
    name: 'tls-key',
    valueName: 'FILE',
    env: 'REPRISE_CLIENT_TLS_KEY',
    defaultText: 'none',
    help: "PEM file with that certificate's private key.",
    read: (text) => ({ keyFile: text }),
  },
  {
    name: 'origin',
    valueName: 'TEXT',
    env: 'REPRISE_ORIGIN',
    defaultText: 'none',
    help: 'Names the caller, in up to 64 characters: subscribers of the same origin are not told of its changes.',
    read: (text) => ({ origin: text }),
  },
];

/**
 * Returns how to reach the server: flags win over the environment, that over the defaults. An empty variable counts as
 * absent. Throws a ConfigError that says what to change.
 */
export function connectionSettings(
  flags: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): ConnectionSettings {
  const given: Given = Object.assign({}, ...connectionFlags.map((flag) => givenBy(flag, flags.get(flag.name), env)));
  return {
    server: given.server ?? defaultServer,
    namespace: given.namespace ?? 'default',
    tls: tlsOf(given),
    timeoutMs: given.timeoutMs ?? timeoutMsDefault,
    origin: given.origin ?? '',
  };
}

function givenBy(
  { name, env: variable, read }: ConnectionFlag,
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Given {
  if (flag !== undefined) return read(flag, `--${name}`);
  const text = env[variable] ?? '';
  return text === '' ? {} : read(text, variable);
}

function tlsOf({ tls, caFile, certFile, keyFile }: Given): ClientTls | undefined {
  if (certFile === undefined && keyFile !== undefined) throw new ConfigError('--tls-key needs --tls-cert too');
  if (certFile !== undefined && keyFile === undefined) throw new ConfigError('--tls-cert needs --tls-key too');
  if (tls !== true && caFile === undefined && certFile === undefined) return undefined;
  return {
    ...(caFile !== undefined && { caFile }),
    ...(certFile !== undefined && keyFile !== undefined && { pair: { certFile, keyFile } }),
  };
}

function parseSwitch(text: string, where: string): boolean {
  if (text === 'true' || text === '1') return true;
  if (text === 'false' || text === '0') return false;
  throw new ConfigError(`${where}: expected true or false, found "${text}"`);
}
