import type { Partition } from '../../src/cache/rules/position.ts';
import { SeededRandom } from '../support/seeded-random.ts';
import { keys } from './caller/traffic.ts';
import { misfortuneAfter } from './faults.ts';
import { History } from './history.ts';
import { NearClient } from './near/near-client.ts';
import { ringDoorbell } from './network.ts';
import { SimNode } from './node/node.ts';
import { onDoorbell } from './node/tail.ts';
import { Schedule } from './schedule.ts';
import type { Shape } from './shapes.ts';
import { type Rules, shippedRules } from './shipped-rules.ts';
import { Situations } from './situations.ts';
import { SimPartition } from './store/partition.ts';
import type { Server } from './store/server.ts';
import { drawTemper, type Temper } from './temper.ts';
import { timing } from './timing.ts';
import type { Token } from './tokens.ts';
import { changeWords, type Effect } from './truth/effect.ts';
import { Truth } from './truth/truth.ts';

const NODES = 3;
const NEARS = 2;
const TOKENS_MAX = 6;

/** What makes a run what it is. */
export interface Run {
  readonly seed: number;
  readonly shape: Shape;
  /** The shipped rules, or some of them broken. */
  readonly rules?: Partial<Rules>;
  /** What the seed shall not decide. */
  readonly tempered?: Partial<Temper>;
  /** Write down what happens, for somebody who reads it. */
  readonly written?: boolean;
}

/** Everything there is in one run. */
export class World {
  readonly shape: Shape;
  readonly rules: Rules;
  readonly random: SeededRandom;
  readonly schedule = new Schedule();
  readonly situations = new Situations();
  readonly history: History;
  readonly truth: Truth;
  readonly partitions: readonly SimPartition[];
  readonly nodes: readonly SimNode[];
  readonly nears: readonly NearClient[];
  /** The namespace's control partition. */
  readonly control: Partition = 0;
  readonly maxLagMs = timing.maxLagMs;

  readonly temper: Temper;

  /** No more faults. */
  calm = false;
  /** Nobody calls, and nothing is lost on the way. */
  quiet = false;
  /** Whatever was lost has had the time to be made again. */
  settled = false;
  /** How often some table was full. */
  folds = 0;
  /** How often a stream was told a Reset. */
  resets = 0;
  #names = 0;
  #tokens: Token[] = [];

  constructor({ seed, shape, rules, tempered, written }: Run) {
    this.shape = shape;
    this.rules = { ...shippedRules, ...rules };
    const random = new SeededRandom(seed);
    this.random = random;
    this.history = new History(written === true, () => this.nowMs);
    this.truth = new Truth(shape.spread);
    this.temper = { ...drawTemper(random, shape), ...tempered };
    this.nodes = [];
    this.partitions = Array.from({ length: shape.spread }, (_, number) => new SimPartition(this, number));
    this.nodes = Array.from({ length: NODES }, (_, index) => new SimNode(this, index));
    this.nears = Array.from(
      { length: NEARS },
      (_, index) => new NearClient(index, this.rules.newProof(timing.nearStalenessMs)),
    );
  }

  get nowMs(): number {
    return this.schedule.nowMs;
  }

  /** Returns the partition of a key. */
  partitionOf(key: string): Partition {
    return keys.indexOf(key as (typeof keys)[number]) % this.shape.spread;
  }

  /** Returns a number that was never used before. */
  number(): number {
    return ++this.#names;
  }

  /** Returns a name that was never used before. */
  name(kind: string): string {
    return `${kind}${this.number()}`;
  }

  /** Tells whoever is connected to a server of a change. */
  ring(server: Server, effect: Effect): void {
    ringDoorbell(this, server, (node, rung) => onDoorbell(this, node, rung))(effect);
  }

  /** A table was full and folded: the store's, or a node's, which may still hold what the store has forgotten. */
  folded(): void {
    this.folds++;
    this.situations.met('a folded table');
  }

  /** Counts a verdict as one situation or the other, and returns it. */
  met(verdict: boolean, ifTrue: Parameters<Situations['met']>[0], ifFalse: Parameters<Situations['met']>[0]): boolean {
    this.situations.met(verdict ? ifTrue : ifFalse);
    return verdict;
  }

  /** A node followed a fork. If nothing can be lost, nothing may have been given up. */
  followed(applied: number, fork: number, dropped: number): void {
    if (this.shape.faults !== 'routine' || (applied <= fork && dropped === 0)) return;
    this.truth.breach(
      'RoutineIsFree',
      () => `at ${this.nowMs} a node went back from ${applied} to ${fork}, ${dropped} entries`,
    );
  }

  /** A caller was told that a change is done; sometimes the worst follows. */
  acknowledged(node: SimNode, partition: Partition): void {
    misfortuneAfter(this, node, partition);
  }

  /** Callers pass some of their tokens on. */
  keepToken(token: Token): void {
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS_MAX) this.#tokens.shift();
  }

  /** Returns a token that somebody was given. */
  anyToken(): Token | undefined {
    return this.#tokens.length === 0 ? undefined : this.random.pick(this.#tokens);
  }

  /** Tells an effect in a few words. */
  words({ change, position, partition }: Effect): string {
    return `${changeWords(change)} is ${position.epoch}@${position.number} of partition ${partition}`;
  }
}
