import type { Address } from './address.ts';
import type { LogLevel } from './config.ts';

/** What one source (command line, environment or file) says. What it does not mention is absent. */
export interface Given {
  readonly nodeName?: string;
  readonly listen?: Address;
  readonly opsListen?: Address | 'off';
  readonly configFile?: string;
  readonly stateDir?: string;
  readonly tlsCertFile?: string;
  readonly tlsKeyFile?: string;
  readonly tlsClientCaFile?: string;
  readonly insecure?: boolean;
  readonly capacityBytes?: number;
  readonly logLevel?: LogLevel;
  readonly drainMs?: number;
  readonly redisUrl?: string;
  readonly redisPrefix?: string;
  readonly redisPasswordFile?: string;
  readonly redisCaFile?: string;
  readonly redisCertFile?: string;
  readonly redisKeyFile?: string;
  readonly redisServerName?: string;
  readonly redisSentinelName?: string;
  readonly redisSentinelPasswordFile?: string;
  readonly maxLagMs?: number;
  readonly heartbeatMs?: number;
  readonly auditPerSecond?: number;
  readonly spoolDir?: string;
  readonly workers?: number;
  readonly testing?: boolean;
}

/** One setting of the server: a flag, an environment variable and, with few exceptions, a key of the file. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** Stands for the value in help texts. Absent: a switch. */
  readonly valueName?: string;
  readonly env: string;
  /** Path of the key in the file. Absent: not in the file. */
  readonly filePath?: readonly string[];
  /** JSON Schema types that the file may use. Default: text. */
  readonly fileTypes?: readonly ('string' | 'integer' | 'boolean')[];
  /** What applies where nothing is said. */
  readonly defaultText: string;
  /** One line. */
  readonly help: string;
  /** Reads the value; `where` names the place for the error, a ConfigError that says what is allowed. */
  readonly read: (text: string, where: string) => Given;
}
