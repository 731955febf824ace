import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { DeferralListener } from '../cache/deferral-listener.ts';
import { DeferredInvalidations } from '../cache/deferred-invalidations.ts';
import type { Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import type { StoreAvailability } from '../store/store-availability.ts';
import type { WithholdingMemory } from '../store/withholding-memory.ts';
import type { Log } from '../telemetry/log.ts';
import { seldom } from '../telemetry/seldom.ts';

/** What keeps invalidations while the store is away. The server closes the spool when it has drained. */
export interface DeferringParts {
  readonly spool: Spool;
  readonly memory: WithholdingMemory;
}

/** What a server gives to them. */
export interface DeferredServerParts {
  readonly deferring?: DeferringParts;
  readonly store: Store;
  readonly availability?: StoreAvailability;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Milliseconds between two lines about failures. */
const FAILURE_LOG_INTERVAL_MS = 10_000;

/** Returns the deferred invalidations of a server, not started; `undefined` if it keeps none. Tells what was damaged. */
export function deferredInvalidations(parts: DeferredServerParts): DeferredInvalidations | undefined {
  const { deferring, store, availability, clock, random, log } = parts;
  if (deferring === undefined) return undefined;
  const { damage } = deferring.spool;
  if (damage !== undefined) {
    const { file, lines, keptAs } = damage;
    log.write('spoolDamaged', { file, count: lines.length, lines: lines.join(', '), keptAs });
  }
  const deferred = new DeferredInvalidations({ ...deferring, store, clock, random, listener: logging(log, clock) });
  availability?.watch(({ writes }) => {
    if (writes) deferred.wake();
  });
  return deferred;
}

function logging(log: Log, clock: Clock): DeferralListener {
  return {
    onWaiting: (waiting, found) => log.write('invalidationsWait', { waiting, found }),
    onDone: ({ made, dropped, oldestMs }) =>
      log.write('invalidationsReplayed', { made, dropped, oldestMs: Math.round(oldestMs) }),
    onDropped: (namespace) => log.write('invalidationsDropped', { namespace }),
    onFailure: seldom<unknown>(clock, FAILURE_LOG_INTERVAL_MS, (error, suppressed) =>
      log.write('backgroundWorkFailed', { work: 'spool', suppressed, error }),
    ),
  };
}
