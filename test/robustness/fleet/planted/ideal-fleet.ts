import { revisionOf } from '../../../../src/cache/revision.ts';
import type { Placed } from '../../../../src/cache/rules/token.ts';
import { SeededRandom } from '../../../support/seeded-random.ts';
import { toldOfChange } from '../../history/told.ts';
import { KEYS } from '../../workload/names.ts';
import { everything } from '../../workload/pick-filter.ts';
import { traceparentOf } from '../../workload/pick-mutation.ts';
import type { FleetHistory } from '../history/fleet-history.ts';
import type { FleetMessage, FleetSession } from '../history/fleet-session.ts';
import type { Grant, Operation, Origin, Reading } from '../history/operation.ts';
import { COUNTERS, type Plan, pickPlan } from '../workload/plan.ts';
import { IDEAL_EPOCH, type IdealChange, IdealStore } from './ideal-store.ts';

const STEPS = 400;
const STEP_MS = 60;
const ANSWER_MS = 4;
const HOLD_MS = 400;
const MESSAGE_CHANGES = 3;

/** Returns a history in which every promise is kept, without any server: what a perfect fleet would have done. */
export function idealFleet(seed: number): FleetHistory {
  return new IdealFleet(new SeededRandom(seed)).run();
}

/** One call after the other, each answered at once and rightly. */
class IdealFleet {
  readonly #random: SeededRandom;
  readonly #store = new IdealStore();
  readonly #operations: Operation[] = [];
  readonly #readings: Reading[] = [];
  readonly #grants: Grant[] = [];
  readonly #sums = new Map<string, number>();
  #nowMs = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  run(): FleetHistory {
    for (let step = 0; step < STEPS; step++) {
      this.#nowMs += STEP_MS;
      this.#follow(pickPlan(this.#random));
    }
    const chain = { epoch: IDEAL_EPOCH, ancestors: [] };
    return {
      ...{ maxLagMs: 1000, namespaceId: 'n', partitions: [0], streamsLeft: 0, calmMs: this.#nowMs, logIsWhole: true },
      partitionOf: new Map([...KEYS, ...COUNTERS].map((key) => [key, 0])),
      ...{ operations: this.#operations, readings: this.#readings, grants: this.#grants, log: this.#store.log },
      sessions: [
        this.#session('subscriber 0', 0),
        this.#session('subscriber 1', Math.floor(this.#store.head.number / 2)),
      ],
      chains: [{ partition: 0, chain, seenMs: 0, notBeforeMs: Number.NEGATIVE_INFINITY }],
      faults: [],
      samples: [{ node: 0, rssBytes: 1e8 }],
    };
  }

  #follow(plan: Plan): void {
    switch (plan.kind) {
      case 'get':
        this.#read(plan.key, plan.consistency, plan.allowStale);
        return;
      case 'batch-get':
        for (const key of plan.keys) this.#read(key, plan.consistency, false);
        return;
      case 'compute':
        this.#compute(plan.key, plan.withLease);
        return;
      case 'set':
        this.#set(plan.key, 'plain', this.#nowMs);
        return;
      case 'increment':
        this.#increment(plan.key, plan.delta);
        return;
      case 'invalidate':
        this.#invalidate(plan);
        return;
      default:
        if (plan.kind === 'delete') this.#change({ kind: 'delete', key: plan.key }, { kind: 'delete', key: plan.key });
    }
  }

  #read(key: string, consistency: Reading['consistency'], allowStale: boolean): boolean {
    const entry = this.#store.entry(key);
    const isSeen = entry !== undefined && (allowStale || !entry.stale);
    const outcome: Reading['outcome'] = isSeen
      ? { kind: 'hit', text: entry.text, revision: revisionOf(entry.position), stale: entry.stale }
      : { kind: 'miss', reason: 'UNKNOWN' };
    const tokens = consistency === 'at-least' ? [this.#token()] : [];
    const times = { sentMs: this.#nowMs, answeredMs: this.#nowMs + ANSWER_MS };
    this.#readings.push({ key, node: 0, consistency, tokens, allowStale, ...times, outcome });
    return isSeen;
  }

  #compute(key: string, withLease: boolean): void {
    if (this.#read(key, 'any', false)) return;
    const missedMs = this.#nowMs + ANSWER_MS;
    if (withLease) {
      const times = { sentMs: this.#nowMs, answeredMs: missedMs, releasedMs: undefined };
      this.#grants.push({ key, leaseId: `lease ${this.#grants.length}`, node: 0, holdMs: HOLD_MS, ...times });
    }
    this.#nowMs += STEP_MS;
    this.#set(key, withLease ? 'lease' : 'fence', missedMs);
  }

  #set(key: string, origin: Origin, begunMs: number): void {
    const text = `v${this.#operations.length}`;
    const tags = this.#random.chance(0.5) ? ['red'] : [];
    const life = { ttlMs: 60_000, staleWindowMs: 30_000 };
    this.#change(
      { kind: 'set', key, text, tags },
      { kind: 'set', key, text, tags, ...life, origin, begunMs, under: '' },
    );
  }

  #increment(key: string, delta: number): void {
    const sum = (this.#store.entry(key)?.stale === false ? (this.#sums.get(key) ?? 0) : 0) + delta;
    this.#sums.set(key, sum);
    this.#change({ kind: 'set', key, text: `${sum}`, tags: [] }, { kind: 'increment', key, delta, sum });
  }

  #invalidate({ selectors: [selector], mode }: Extract<Plan, { kind: 'invalidate' }>): void {
    const change: IdealChange =
      selector!.kind === 'key' && mode === 'remove'
        ? { kind: 'delete', key: selector!.key }
        : { kind: 'invalidate', selector: selector!, mode };
    this.#change(change, { kind: 'invalidate', selectors: [selector!], mode });
  }

  #change(change: IdealChange, what: Wanted): void {
    const id = traceparentOf(this.#random);
    const position = this.#store.apply(change, id, this.#nowMs + ANSWER_MS / 2);
    const revision = what.kind === 'set' || what.kind === 'increment' ? revisionOf(position) : '';
    const outcome = { kind: 'applied', revision, token: [{ partition: 0, position }] } as const;
    const times = { invokedMs: this.#nowMs, endedMs: this.#nowMs + ANSWER_MS };
    this.#operations.push({ ...what, id, node: 0, life: 1, tries: 1, outcome, ...times } as Operation);
  }

  #token(): readonly Placed[] {
    return [{ partition: 0, position: this.#store.head }];
  }

  #session(subscriber: string, after: number): FleetSession {
    const { log } = this.#store;
    const tokenAt = (number: number): Placed[] => [{ partition: 0, position: { epoch: IDEAL_EPOCH, number } }];
    const received: FleetMessage[] = [{ kind: 'ready', token: tokenAt(after), heardMs: 0 }];
    for (let from = after; from < log.length; from += MESSAGE_CHANGES) {
      const some = log.slice(from, from + MESSAGE_CHANGES);
      const events = some.map(({ change }) => ({ ...toldOfChange(change), traceparent: change.author!.traceparent }));
      received.push({ kind: 'events', events, token: tokenAt(from + some.length), heardMs: some.at(-1)!.seenMs });
    }
    received.push({ kind: 'progress', token: tokenAt(log.length), heardMs: this.#nowMs });
    const resume = after === 0 ? [] : tokenAt(after);
    return {
      subscriber,
      node: 0,
      filter: everything,
      resume,
      openedMs: this.#nowMs,
      received,
      endCode: 1,
      endReason: '',
    };
  }
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Wanted = Without<Operation, 'id' | 'node' | 'life' | 'tries' | 'outcome' | 'invokedMs' | 'endedMs'>;
