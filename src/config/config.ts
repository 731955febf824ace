import { defaults } from '../base/limits.ts';
import type { Address } from './address.ts';

/** Log levels, most talkative first. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

/** From which severity on events are logged. */
export type LogLevel = (typeof logLevels)[number];

/** The files from which the server speaks TLS. */
export interface TlsFiles {
  /** PEM file with the server's certificate chain. */
  readonly certFile: string;
  /** PEM file with the certificate's private key. */
  readonly keyFile: string;
  /** PEM file with the authorities whose clients are let in. Absent: clients need no certificate. */
  readonly clientCaFile?: string;
}

/** Settings of a namespace as the file gives them. What is absent has its default. */
export interface NamespaceOverrides {
  readonly defaultTtlMs?: number;
  readonly maxTtlMs?: number;
  readonly negativeTtlMs?: number;
  readonly defaultStaleWindowMs?: number;
  /** 0 to 0.5. */
  readonly ttlJitterRatio?: number;
  readonly valueBytesMax?: number;
  readonly capacityBytes?: number;
}

/** A namespace that the configuration file defines. */
export interface FileNamespace {
  readonly name: string;
  readonly settings: NamespaceOverrides;
}

/** How the server was asked to run. Plain data, complete and checked. */
export interface Config {
  /** Where gRPC is served. */
  readonly listen: Address;
  /** Where metrics and probes are served. */
  readonly opsListen: Address | 'off';
  readonly tls: TlsFiles | undefined;
  /** The operator takes the risk of serving other machines without TLS. */
  readonly insecure: boolean;
  /** Where control documents are kept. Absent: in memory, until the server stops. */
  readonly stateDir: string | undefined;
  /** Bytes that all namespaces may have together. */
  readonly capacityBytes: number;
  readonly logLevel: LogLevel;
  /** Milliseconds that calls have to finish when the server is asked to stop. */
  readonly drainMs: number;
  /** In the file's order; names are unique. */
  readonly namespaces: readonly FileNamespace[];
}

/** Most milliseconds that a drain may take. */
export const drainMsMax = 600_000;

/** What applies where nothing is said. */
export const defaultConfig: Config = {
  listen: { host: '127.0.0.1', port: 7171 },
  opsListen: { host: '127.0.0.1', port: 7172 },
  tls: undefined,
  insecure: false,
  stateDir: undefined,
  capacityBytes: defaults.serverCapacityBytes,
  logLevel: 'info',
  drainMs: 30_000,
  namespaces: [],
};
