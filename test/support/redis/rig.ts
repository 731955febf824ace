import type { RedisProcess } from './redis-process.ts';

/** How the servers of a rig stand to each other. */
export type RedisShape = 'standalone' | 'sentinel' | 'cluster';

/** What a test may put in place of the default. */
export interface RigOptions {
  /** All speak TLS and nothing else. Default: plain. */
  readonly tls?: boolean;
  /** The service's user may only do what it needs, on its prefix; the default user has a password. Default: open. */
  readonly acl?: boolean;
  /** What the keys and channels of the service begin with. Default: `reprise:`. */
  readonly prefix?: string;
  /** Servers keep their data over a restart. Default: a restart empties them. */
  readonly save?: boolean;
  /**
   * Milliseconds after which the others take a silent server for down. Default: 1000. A test that is not about failovers says
   * STEADY_MS: a busy machine keeps servers silent for longer.
   */
  readonly downAfterMs?: number;
  /** Lines of redis.conf for every server beside the rig's own. */
  readonly config?: readonly string[];
}

/** How long servers may be silent where nobody wants a failover, in milliseconds. */
export const STEADY_MS = 60_000;

/** Real Redis servers on free ports of 127.0.0.1, and what a client needs to know of them; `await using` stops them. */
export interface RedisRig extends AsyncDisposable {
  readonly shape: RedisShape;
  /** As the product takes it. */
  readonly url: string;
  /** Absent without `acl`. */
  readonly user: string | undefined;
  /** Absent without `acl`. */
  readonly password: string | undefined;
  /** What the keys and channels of the service begin with. */
  readonly prefix: string;
  /** The authority of the servers' certificates, a PEM file. Absent without `tls`. */
  readonly caFile: string | undefined;
  /** The ports in the URL: of the servers, or of the Sentinels. */
  readonly ports: readonly number[];
  /** Those that hold data. */
  readonly servers: readonly RedisProcess[];
  /** Deletes all data, on all primaries, and waits until the replicas know. Needs a healed rig. */
  flush(): Promise<void>;
  /** Ends all processes and removes their files. May be called again. */
  stop(): Promise<void>;
}

/**
 * How a primary goes: SIGKILL, SIGSTOP, or by an order. A cluster's order loses nothing; Sentinel's leaves the old primary
 * writable until it demotes it, ten seconds later, and loses what it took: `heal` demotes it at once.
 */
export type FailoverKind = 'kill' | 'freeze' | 'planned';

/** A rig whose replicas take over. `key` says which primary is meant; it counts in a cluster only. */
export interface FailoverRig extends RedisRig {
  /** The primary in the opinion of all that answer, once they agree. */
  primary(key?: string): Promise<RedisProcess>;
  /** Takes the primary away, and waits until all that answer agree on another, which is returned. */
  failOver(kind: FailoverKind, key?: string): Promise<RedisProcess>;
  /** Starts what was killed, resumes what is frozen, and waits until every primary has its replicas again. */
  heal(): Promise<void>;
}
