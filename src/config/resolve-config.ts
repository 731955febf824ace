import { type Config, defaultConfig, type TlsFiles } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { FileContent } from './config-file.ts';
import type { Flag, Given } from './flag.ts';
import { flags } from './flags.ts';
import { fleetOf } from './fleet-rule.ts';
import { listenProblem } from './listen-rule.ts';
import { workersOf } from './workers-rule.ts';

/** Where settings come from. */
export interface ConfigSources {
  /** The command line's values by the flag's name without dashes; true for a switch. */
  readonly flags: ReadonlyMap<string, string | true>;
  /** Variables of the environment. An empty one counts as absent. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const NO_FILE: FileContent = { given: {}, namespaces: [] };

/**
 * Returns how the server is to run: flags win over the environment, that over the file, that over the defaults. Throws
 * a ConfigError that says what to change.
 */
export async function resolveConfig(sources: ConfigSources): Promise<Config> {
  const direct = { ...givenByEnvironment(sources.env), ...givenByFlags(sources.flags) };
  const file = direct.configFile === undefined ? NO_FILE : await fileContent(direct.configFile);
  const given: Given = { ...file.given, ...direct };
  const config = complete(given, file);
  const problem = listenProblem(config);
  if (problem !== undefined) throw new ConfigError(problem);
  return config;
}

// Loaded when needed: the parsers of YAML and JSON Schema take 50 ms of the 500 that a start may take.
async function fileContent(file: string): Promise<FileContent> {
  const { readConfigFile } = await import('./config-file.ts');
  return readConfigFile(file);
}

function givenByFlags(values: ConfigSources['flags']): Given {
  return collect((flag) => {
    const value = values.get(flag.name);
    return value === undefined ? undefined : flag.read(String(value), `--${flag.name}`);
  });
}

function givenByEnvironment(env: ConfigSources['env']): Given {
  return collect((flag) => {
    const value = env[flag.env];
    return value === undefined || value === '' ? undefined : flag.read(value, flag.env);
  });
}

function collect(read: (flag: Flag) => Given | undefined): Given {
  return Object.assign({}, ...flags.map(read));
}

function complete(given: Given, file: FileContent): Config {
  return {
    nodeName: given.nodeName ?? defaultConfig.nodeName,
    listen: given.listen ?? defaultConfig.listen,
    opsListen: given.opsListen ?? defaultConfig.opsListen,
    tls: tlsFiles(given),
    insecure: given.insecure ?? defaultConfig.insecure,
    stateDir: given.stateDir ?? defaultConfig.stateDir,
    fleet: fleetOf(given),
    workers: workersOf(given),
    testing: given.testing ?? defaultConfig.testing,
    capacityBytes: given.capacityBytes ?? defaultConfig.capacityBytes,
    logLevel: given.logLevel ?? defaultConfig.logLevel,
    drainMs: given.drainMs ?? defaultConfig.drainMs,
    namespaces: file.namespaces,
  };
}

function tlsFiles({ tlsCertFile, tlsKeyFile, tlsClientCaFile }: Given): TlsFiles | undefined {
  if (tlsCertFile === undefined && tlsKeyFile === undefined && tlsClientCaFile === undefined) return undefined;
  if (tlsCertFile === undefined) throw new ConfigError('TLS needs a certificate too: give --tls-cert FILE');
  if (tlsKeyFile === undefined) throw new ConfigError("TLS needs the certificate's key too: give --tls-key FILE");
  const files = { certFile: tlsCertFile, keyFile: tlsKeyFile };
  return tlsClientCaFile === undefined ? files : { ...files, clientCaFile: tlsClientCaFile };
}
