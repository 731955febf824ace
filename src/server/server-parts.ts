import type { Check } from '../admin/check.ts';
import type { AdvancingClock } from '../base/advancing-clock.ts';
import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { SweptStore } from '../cache/sweeper.ts';
import type { Config } from '../config/config.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import type { Store } from '../store/store.ts';
import type { StoreAvailability } from '../store/store-availability.ts';
import type { Log } from '../telemetry/log.ts';
import type { AuditMetrics } from '../telemetry/metric-sources.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { DeferringParts } from './deferring.ts';

/** What a server is made of. It closes the store and the documents when it has drained. */
export interface ServerParts {
  readonly config: Config;
  readonly clock: Clock;
  /** By which the event loop is found to be late. Default: `clock`. */
  readonly loopClock?: Clock;
  /** By which calls are timed, and their deadlines count. Default: `clock`. */
  readonly callClock?: Clock;
  /** What TestService moves in testing mode. Default: nothing, time is the store's. */
  readonly advancing?: AdvancingClock;
  readonly random: Random;
  readonly log: Log;
  readonly store: Store;
  readonly documents: ControlDocuments;
  /** Makes entries leave whose time is over, a bounded number at a time. */
  readonly expireDue: () => void;
  /** The store, if it leaves it to the server to settle what its watermarks say. */
  readonly swept?: SweptStore;
  /** Of a store that may be away. Default: it never is. */
  readonly availability?: StoreAvailability;
  /** Keeps invalidations while the store is away. Absent: none may be deferred. */
  readonly deferring?: DeferringParts;
  /** What the auditor of what is in memory counted. Absent: there is none. */
  readonly audit?: () => AuditMetrics | undefined;
  /** What Doctor looks at in the store and whatever else was opened with it. */
  readonly checks?: readonly Check[];
}

/** A server that answers calls. */
export interface RunningServer {
  readonly port: number;
  /** Absent when metrics and probes are off. */
  readonly opsPort: number | undefined;
  /** Resolves when reflection answers too and metrics are loaded, a moment after all else: callers don't wait for it. */
  readonly complete: Promise<void>;
  /** Loads the metrics; they are served on the ops port too, if there is one. */
  readonly metrics: () => Promise<Metrics>;
  /** Sends callers away, waits for calls in flight, stops. Returns true if all were answered in time. */
  drain(): Promise<boolean>;
}
