import { OperatingError, type ReasonName } from '../../src/base/operating-error.ts';
import { CacheManager } from '../../src/cache/cache-manager.ts';
import { LeaseWaiters } from '../../src/cache/lease-waiters.ts';
import { LocalEntries } from '../../src/cache/local-entries.ts';
import type { Namespace, NamespaceSettings } from '../../src/cache/namespace.ts';
import { NamespaceRegistry } from '../../src/cache/namespace-registry.ts';
import { TokenSealer } from '../../src/cache/token-sealer.ts';
import { MemoryControlDocuments } from '../../src/store/memory/memory-control-documents.ts';
import type { Freshness, Store } from '../../src/store/store.ts';
import type { ManualClock } from './manual-clock.ts';
import { openMemoryStore } from './open-memory-store.ts';
import { SeededRandom } from './seeded-random.ts';

/** What a store answers to every question while it is away, and what is known without it. */
export interface Outage {
  away: boolean;
  reason: ReasonName;
  /** It answers with a rejection, not at once. */
  late: boolean;
  /** What memory holds may be served as it is: reads of one key that ask for no more than any answer are answered. */
  permitted: boolean;
  /** As of when the store was last known to be there. */
  reachedAtMs: number | undefined;
  /** Questions that were asked while it was away. */
  asked: string[];
}

/** A cache over a store that can go away, in one namespace, on a clock that the test moves. */
export interface OutageWorld {
  readonly clock: ManualClock;
  readonly outage: Outage;
  readonly manager: CacheManager;
  readonly locals: LocalEntries;
  readonly namespace: Namespace;
  /** As the caller of a fleet's node writes it, whatever the node can reach. */
  readonly truth: Store;
}

const QUESTIONS = 'read readMany judge recall write retime remove invalidate list acquireLease releaseLease'.split(' ');

/** Opens a cache whose namespace has these settings. */
export async function openOutageWorld(settings: Partial<NamespaceSettings> = {}): Promise<OutageWorld> {
  const { clock, store: truth } = openMemoryStore();
  const outage: Outage = {
    away: false,
    reason: 'STORE_UNAVAILABLE',
    late: true,
    permitted: false,
    reachedAtMs: 0,
    asked: [],
  };
  const store = throughOutage(truth, outage);
  const random = new SeededRandom(3);
  const documents = new MemoryControlDocuments();
  const registry = await NamespaceRegistry.open({ store: truth, documents, clock, random, capacityBytes: 2 ** 30 }, []);
  const namespace = await registry.create('n', settings);
  const locals = new LocalEntries(clock);
  const tokens = new TokenSealer(await documents.secret('tokens'), documents.deploymentId, random);
  const manager = new CacheManager({ store, random, tokens, locals, waiters: new LeaseWaiters(clock) });
  return { clock, outage, manager, locals, namespace, truth };
}

function throughOutage(store: Store, outage: Outage): Store {
  return new Proxy(store, {
    get: (target, name: keyof Store) => {
      const method = target[name].bind(target) as (...asked: unknown[]) => unknown;
      if (name === 'lastKnown') return (ref: Parameters<Store['lastKnown']>[0]) => knownWithout(target, outage, ref);
      if (!QUESTIONS.includes(name)) return method;
      return (...asked: unknown[]) => {
        const fromMemory = name === 'read' && outage.permitted && (asked[1] as Freshness).kind === 'any';
        return outage.away && !fromMemory ? refused(outage, name) : method(...asked);
      };
    },
  });
}

function knownWithout(
  store: Store,
  outage: Outage,
  ref: Parameters<Store['lastKnown']>[0],
): ReturnType<Store['lastKnown']> {
  const known = store.lastKnown(ref);
  return outage.away ? { ...known, current: outage.permitted, reachedAtMs: outage.reachedAtMs } : known;
}

function refused({ reason, late, asked }: Outage, question: string): Promise<never> {
  asked.push(question);
  const error = new OperatingError(reason, 'The test took the store away.');
  if (late) return Promise.reject(error);
  throw error;
}
