import { limits } from '../base/limits.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import { defaultConfig, drainMsMax, logLevels } from './config.ts';
import { ConfigError } from './config-error.ts';
import { formatDurationMs, parseDurationMs } from './durations.ts';
import type { Flag } from './flag.ts';
import { parseBoolean, parsePath, parseWord } from './flag-values.ts';
import { fleetFlags } from './fleet-flags.ts';
import { formatSizeBytes, parseSizeBytes } from './sizes.ts';

/** Most bytes that can be asked for: what a double counts exactly. */
export const capacityBytesRange = { min: limits.capacityBytesMin, max: 2 ** 53 - 1024 };

/**
 * All settings of `reprise serve`. The options of the command, the environment, the file's schema and the documentation
 * are made from this table.
 */
export const flags: readonly Flag[] = [
  {
    name: 'node-name',
    valueName: 'NAME',
    env: 'REPRISE_NODE_NAME',
    filePath: ['nodeName'],
    defaultText: 'none',
    help: 'What receipts and the log call this server, instead of a random name. Whoever may invalidate sees it.',
    read: (text, where) => ({ nodeName: parseNodeName(text, where) }),
  },
  {
    name: 'listen',
    valueName: 'HOST:PORT',
    env: 'REPRISE_LISTEN',
    filePath: ['listen'],
    defaultText: formatAddress(defaultConfig.listen),
    help: 'Where gRPC is served. Addresses that other machines reach need TLS or --insecure.',
    read: (text, where) => ({ listen: parseAddress(text, where) }),
  },
  {
    name: 'ops-listen',
    valueName: 'HOST:PORT|off',
    env: 'REPRISE_OPS_LISTEN',
    filePath: ['opsListen'],
    defaultText: formatAddress(defaultConfig.opsListen as Address),
    help: 'Where /metrics, /healthz and /readyz are served, over plain HTTP; off serves none.',
    read: (text, where) => ({ opsListen: text === 'off' ? 'off' : parseAddress(text, where) }),
  },
  {
    name: 'config',
    valueName: 'FILE',
    env: 'REPRISE_CONFIG',
    defaultText: 'none',
    help: 'YAML file with these settings and with namespaces. Flags and environment win over it.',
    read: (text, where) => ({ configFile: parsePath(text, where) }),
  },
  {
    name: 'state',
    valueName: 'DIR',
    env: 'REPRISE_STATE',
    filePath: ['state'],
    defaultText: 'none',
    help: 'Directory that keeps namespace definitions and secrets over a restart. Without it they are lost.',
    read: (text, where) => ({ stateDir: parsePath(text, where) }),
  },
  {
    name: 'tls-cert',
    valueName: 'FILE',
    env: 'REPRISE_TLS_CERT',
    filePath: ['tls', 'cert'],
    defaultText: 'none',
    help: 'PEM file with the certificate chain. Needs --tls-key.',
    read: (text, where) => ({ tlsCertFile: parsePath(text, where) }),
  },
  {
    name: 'tls-key',
    valueName: 'FILE',
    env: 'REPRISE_TLS_KEY',
    filePath: ['tls', 'key'],
    defaultText: 'none',
    help: "PEM file with the certificate's private key. Needs --tls-cert.",
    read: (text, where) => ({ tlsKeyFile: parsePath(text, where) }),
  },
  {
    name: 'tls-client-ca',
    valueName: 'FILE',
    env: 'REPRISE_TLS_CLIENT_CA',
    filePath: ['tls', 'clientCa'],
    defaultText: 'none',
    help: 'PEM file with authorities: only clients with a certificate from one of them are let in.',
    read: (text, where) => ({ tlsClientCaFile: parsePath(text, where) }),
  },
  {
    name: 'insecure',
    env: 'REPRISE_INSECURE',
    filePath: ['insecure'],
    fileTypes: ['boolean'],
    defaultText: String(defaultConfig.insecure),
    help: 'Serve other machines without TLS. Everybody who reaches the port can read and write everything.',
    read: (text, where) => ({ insecure: parseBoolean(text, where) }),
  },
  {
    name: 'capacity',
    valueName: 'SIZE',
    env: 'REPRISE_CAPACITY',
    filePath: ['capacity'],
    fileTypes: ['string', 'integer'],
    defaultText: formatSizeBytes(defaultConfig.capacityBytes),
    help: 'Memory that the entries of all namespaces may take together, such as 512MiB or 1GiB.',
    read: (text, where) => ({ capacityBytes: parseSizeBytes(text, where, capacityBytesRange) }),
  },
  {
    name: 'log-level',
    valueName: 'LEVEL',
    env: 'REPRISE_LOG_LEVEL',
    filePath: ['logLevel'],
    defaultText: defaultConfig.logLevel,
    help: `From which severity on events are logged: ${logLevels.join(', ')}.`,
    read: (text, where) => ({ logLevel: parseWord(text, where, logLevels) }),
  },
  {
    name: 'drain',
    valueName: 'DURATION',
    env: 'REPRISE_DRAIN',
    filePath: ['drain'],
    defaultText: formatDurationMs(defaultConfig.drainMs),
    help: 'Time that calls have to finish after SIGTERM, at most 10m.',
    read: (text, where) => ({ drainMs: parseDurationMs(text, where, { min: 0, max: drainMsMax }) }),
  },
  {
    name: 'testing',
    env: 'REPRISE_TESTING',
    defaultText: String(defaultConfig.testing),
    help: 'Serve TestService, by which everybody who reaches the port may move the clock and inject faults. For tests only.',
    read: (text, where) => ({ testing: parseBoolean(text, where) }),
  },
  ...fleetFlags,
];

function parseNodeName(text: string, where: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(text)) return text;
  throw new ConfigError(`${where}: expected 1 to 64 letters, digits, ".", "_" and "-", found "${text}"`);
}
