import type { ReadFallback, WriteFallback } from '../base/fallbacks.ts';
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

/** How a node of a fleet reaches the Redis that it shares with the others, and how close it follows. */
export interface FleetConfig {
  /** As it was given: it may hold a password, and is never logged. */
  readonly redisUrl: string;
  /** What all keys and channels begin with: deployments with different ones may share a Redis. */
  readonly redisPrefix: string;
  /** File with the password of the URL's name. Absent: the URL has it, or there is none. */
  readonly redisPasswordFile: string | undefined;
  readonly redisTls: RedisTlsFiles;
  /** What the Sentinels are told instead of the URL's name and password. */
  readonly sentinelLogin: SentinelLogin | undefined;
  /** Milliseconds by which an answer may lag behind an acknowledged change; 0: every read asks Redis. */
  readonly maxLagMs: number;
  /** Milliseconds between two questions to each primary; at most half of `maxLagMs`. */
  readonly heartbeatMs: number;
  /** Changes in a second after which a key is compared with Redis, at most; 0: nothing is. */
  readonly auditPerSecond: number;
  /** Where deferred invalidations are kept while Redis is away. Absent: none may be deferred. */
  readonly spoolDir: string | undefined;
}

/** The files by which Redis and the node prove to each other who they are. Only with a URL that says TLS. */
export interface RedisTlsFiles {
  /** PEM file with the authorities of the servers' certificates. Absent: those that Node trusts. */
  readonly caFile: string | undefined;
  /** PEM file with the node's own certificate chain, and its key. Absent: the servers ask for none. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** The name in the servers' certificates, if it is not the host of the URL. */
  readonly serverName: string | undefined;
}

/** How a node logs in to Sentinels. */
export interface SentinelLogin {
  /** Absent: the default account. */
  readonly name: string | undefined;
  readonly passwordFile: string;
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
  readonly readFallback?: ReadFallback;
  readonly writeFallback?: WriteFallback;
  readonly localTtlMs?: number;
}

/** A namespace that the configuration file defines. */
export interface FileNamespace {
  readonly name: string;
  readonly settings: NamespaceOverrides;
}

/** How the server was asked to run. Plain data, complete and checked. */
export interface Config {
  /** What receipts call the server. Absent: it gives itself a random name. */
  readonly nodeName: string | undefined;
  /** Where gRPC is served. */
  readonly listen: Address;
  /** Where metrics and probes are served. */
  readonly opsListen: Address | 'off';
  readonly tls: TlsFiles | undefined;
  /** The operator takes the risk of serving other machines without TLS. */
  readonly insecure: boolean;
  /** Where control documents are kept. Absent: in memory, until the server stops. */
  readonly stateDir: string | undefined;
  /** The server is a node of a fleet. Absent: it runs solo. Never beside `stateDir`. */
  readonly fleet: FleetConfig | undefined;
  /** Processes that share the port, each a node of the fleet; 1 unless it is one. */
  readonly workers: number;
  /** Tests may move the clock and inject faults: never where anything matters. Only of a single process. */
  readonly testing: boolean;
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

/** Most processes that may share a port. */
export const workersMax = 64;

/** What applies where nothing is said. */
export const defaultConfig: Config = {
  nodeName: undefined,
  listen: { host: '127.0.0.1', port: 7171 },
  opsListen: { host: '127.0.0.1', port: 7172 },
  tls: undefined,
  insecure: false,
  stateDir: undefined,
  fleet: undefined,
  workers: 1,
  testing: false,
  capacityBytes: defaults.serverCapacityBytes,
  logLevel: 'info',
  drainMs: 30_000,
  namespaces: [],
};

/** What applies in a fleet where nothing is said. */
export const defaultFleet = { redisPrefix: 'reprise:', maxLagMs: 1000, heartbeatMs: 250, auditPerSecond: 10 } as const;

/** Most changes in a second that are audited: each costs up to five reads of Redis. */
export const auditPerSecondMax = 50;

/** Most milliseconds by which answers may lag behind. */
export const lagMsMax = 60_000;
