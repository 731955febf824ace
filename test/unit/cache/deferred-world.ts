import type { TestContext } from 'node:test';
import { OperatingError, type ReasonName } from '../../../src/base/operating-error.ts';
import type { DeferralListener } from '../../../src/cache/deferral-listener.ts';
import { DeferredInvalidations } from '../../../src/cache/deferred-invalidations.ts';
import type { Namespace } from '../../../src/cache/namespace.ts';
import type { InvalidationMode, Selector } from '../../../src/cache/rules/selector.ts';
import type { MemoryStore } from '../../../src/store/memory/memory-store.ts';
import type { Spool } from '../../../src/store/spool.ts';
import type { Change, NamespaceId, Store } from '../../../src/store/store.ts';
import type { ManualClock } from '../../support/manual-clock.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';
import { SeededRandom } from '../../support/seeded-random.ts';
import { openedSpool } from '../../support/spool.ts';

/** A namespace that is open. */
export const music = { id: 'music-id' as NamespaceId, name: 'music' } as Namespace;
/** Another. */
export const films = { id: 'films-id' as NamespaceId, name: 'films' } as Namespace;

/** Deferred invalidations over a real spool and a store that a test takes away. */
export interface DeferredWorld {
  readonly deferred: DeferredInvalidations;
  readonly spool: Spool;
  readonly memory: MemoryStore;
  /** The store as it is reached. */
  readonly store: Store;
  readonly clock: ManualClock;
  /** What the store answers instead; for some selectors, if a test says which. */
  readonly away: { reason: ReasonName | undefined; of?: (name: string) => boolean; afterwards?: boolean };
  /** Names that the store was asked to invalidate, in order. */
  readonly asked: string[];
  /** Changes that the store made, in order. */
  readonly changes: Change[];
  /** What listener and memory were told. */
  readonly told: string[];
  /** Defers one that removes a tag. */
  defer(tag: string, namespace?: Namespace): Promise<void>;
}

/** What a test may put in place of the default. */
export interface WorldOptions {
  readonly spool?: Spool;
  readonly from?: Pick<DeferredWorld, 'memory' | 'clock'>;
  readonly seed?: number;
}

/** Makes a world whose store is there. */
export async function deferredWorld(context: TestContext, options: WorldOptions = {}): Promise<DeferredWorld> {
  const spool = options.spool ?? (await openedSpool(context));
  const { memory, clock } = options.from ?? openedMemory();
  const away: DeferredWorld['away'] = { reason: undefined };
  const asked: string[] = [];
  const changes: Change[] = [];
  const told: string[] = [];
  memory.watch((news) => void (news.kind === 'changed' && changes.push(news.change)));
  const store = takenAway(memory, away, asked);
  const withholding = {
    withhold: (id: NamespaceId, selectors: readonly Selector[]) => told.push(`withhold ${id} ${selectors.map(nameOf)}`),
    release: () => told.push('release'),
  };
  const random = new SeededRandom(options.seed ?? 1);
  const parts = { spool, store, memory: withholding, clock, random, listener: listenerTo(told) };
  const deferred = new DeferredInvalidations(parts);
  const defer = (tag: string, namespace = music): Promise<void> =>
    deferred.defer(namespace, { selectors: [{ kind: 'tag', tag }], mode: 'remove' });
  return { deferred, spool, memory, store, clock, away, asked, changes, told, defer };
}

function openedMemory(): Pick<DeferredWorld, 'memory' | 'clock'> {
  const { store: memory, clock } = openMemoryStore();
  for (const { id } of [music, films]) memory.openNamespace(id, 1_000_000);
  return { memory, clock };
}

function takenAway(memory: MemoryStore, away: DeferredWorld['away'], asked: string[]): Store {
  const pass = <T>(name: string, make: () => T): T => {
    asked.push(name);
    const fails = away.reason !== undefined && (away.of?.(name) ?? true);
    if (fails && away.afterwards === true) make();
    if (fails) throw new OperatingError(away.reason!, 'The test took the store away.');
    return make();
  };
  return new Proxy<Store>(memory, {
    get(target, property) {
      if (property === 'invalidate') {
        return (one: { selector: Selector; mode: InvalidationMode; namespaceId: NamespaceId }) =>
          pass(nameOf(one.selector), () => memory.invalidate(one));
      }
      if (property === 'remove')
        return (one: Parameters<Store['remove']>[0]) => pass(one.key, () => memory.remove(one));
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function listenerTo(told: string[]): DeferralListener {
  return {
    onWaiting: (waiting, found) => void told.push(`waiting ${waiting}${found ? ' found' : ''}`),
    onDone: ({ made, dropped, oldestMs }) => void told.push(`done ${made} ${dropped} ${oldestMs}`),
    onDropped: (namespace) => void told.push(`dropped ${namespace}`),
    onFailure: (cause) => void told.push(`failure ${cause instanceof OperatingError ? cause.reason : cause}`),
  };
}

function nameOf(selector: Selector): string {
  switch (selector.kind) {
    case 'tag':
      return selector.tag;
    case 'key':
      return selector.key;
    case 'prefix':
      return selector.prefix;
    case 'namespace':
      return '*';
  }
}

/** Returns the tags that changes invalidated, in order. */
export function tagsOf(changes: readonly Change[]): string[] {
  return changes.flatMap((change) =>
    change.kind === 'invalidate' && change.selector.kind === 'tag' ? [change.selector.tag] : [],
  );
}
