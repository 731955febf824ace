import type { RedisFailure } from './redis-failure.ts';

/** What became of one of a link's connections. */
export type LinkEvent =
  | { readonly kind: 'connected'; readonly connection: ConnectionName; readonly server: string }
  /** An attempt failed, or a connection was lost; another attempt follows. */
  | { readonly kind: 'lost'; readonly connection: ConnectionName; readonly failure: RedisFailure }
  /** Sentinel, or the cluster, names other primaries than before. */
  | { readonly kind: 'primaries-changed' };

/** What a connection is for. */
export type ConnectionName = 'commands' | 'heartbeat' | 'doorbell' | 'sentinel' | 'cluster';

/** Told what becomes of connections, for health and logs. Must not throw. */
export type LinkListener = (event: LinkEvent) => void;

/** Tells a listener what becomes of one connection: each state once, not every attempt. */
export class LineNews {
  readonly #name: ConnectionName;
  readonly #listener: LinkListener;
  #told: string | undefined;

  constructor(name: ConnectionName, listener: LinkListener) {
    this.#name = name;
    this.#listener = listener;
  }

  /** The connection is there. */
  connected(server: string): void {
    this.#told = undefined;
    this.#listener({ kind: 'connected', connection: this.#name, server });
  }

  /** It was lost, or another attempt failed. */
  lost(failure: RedisFailure): void {
    if (failure.code === this.#told) return;
    this.#told = failure.code;
    this.#listener({ kind: 'lost', connection: this.#name, failure });
  }
}
