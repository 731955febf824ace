import assert from 'node:assert/strict';
import type { Namespace } from '../../../src/cache/namespace.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import { type Listener, turns } from '../hub-world.ts';
import { type FleetNode, type FleetWorld, openFleetWorld } from './fleet-world.ts';
import { StreamJudge } from './stream-judge.ts';

/** What happens next in a fleet. Numbers are taken modulo what there is. */
export type FleetStep =
  | { readonly kind: 'set'; readonly partition: number; readonly key: number; readonly foreign: boolean }
  /** So many changes of long keys that a subscriber that reads slowly keeps only the newest of each. */
  | { readonly kind: 'burst'; readonly partition: number }
  | { readonly kind: 'fork'; readonly partition: number; readonly lost: number }
  | { readonly kind: 'replace' | 'settle'; readonly partition: number }
  | { readonly kind: 'catch-up'; readonly node: number; readonly partition: number; readonly changesMax: number }
  | { readonly kind: 'miss' | 'trim'; readonly node: number; readonly partition: number }
  | { readonly kind: 'hold' | 'release' | 'drain'; readonly node: number }
  /** A subscriber comes, with the newest token of its last stream. */
  | { readonly kind: 'come'; readonly subscriber: number; readonly node: number }
  /** A subscriber comes with the token of a Set: it names one partition. */
  | { readonly kind: 'come-after-set'; readonly subscriber: number; readonly node: number; readonly partition: number }
  | { readonly kind: 'leave' | 'stall' | 'read' | 'flow'; readonly subscriber: number }
  | { readonly kind: 'turn' | 'wait' };

interface Subscriber {
  readonly prefixes: readonly string[];
  readonly judge: StreamJudge;
  listener: Listener | undefined;
  /** Messages that were judged. */
  judged: number;
  /** The newest token. */
  token: string;
}

const PARTITIONS = 3;
const LONG = 'k'.repeat(1000);

/** A fleet of two nodes in which steps happen, and subscribers who are judged by what they are told. */
export class FleetRun {
  readonly #world: FleetWorld;
  readonly #nodes: FleetNode[];
  readonly #subscribers: readonly Subscriber[];
  readonly #namespace: Namespace;

  private constructor(world: FleetWorld) {
    this.#world = world;
    this.#nodes = [...world.nodes];
    this.#namespace = world.namespaces[0]!;
    this.#subscribers = [[], ['a:'], ['b:']].map((prefixes) => this.#newSubscriber(prefixes));
  }

  /** Begins. The first namespace lives on two of three partitions, the other one on all. */
  static async open(): Promise<FleetRun> {
    return new FleetRun(
      await openFleetWorld({
        partitions: PARTITIONS,
        nodes: 2,
        homes: [
          [0, 2],
          [0, 1, 2],
        ],
      }),
    );
  }

  /** Lets something happen, and judges what subscribers are told of it. */
  async step(step: FleetStep): Promise<void> {
    await this.#do(step);
    this.#judge();
  }

  /** Heals everything: by then every subscriber must have been told all, or a Reset. */
  async end(): Promise<void> {
    for (const { store } of this.#nodes) store.release();
    for (const { listener } of this.#subscribers) this.#flow(listener);
    for (let round = 0; round < 2; round++) {
      for (let partition = 0; partition < PARTITIONS; partition++) this.#set(partition, 'a:last');
      await this.#catchUp();
      await turns(30);
      this.#world.clock.advance(1000);
      await turns();
    }
    this.#judge();
    for (const { listener } of this.#subscribers) {
      if (listener !== undefined && listener.ended === undefined) this.#assertUpToDate(listener);
    }
  }

  async #do(step: FleetStep): Promise<void> {
    switch (step.kind) {
      case 'set':
        this.#set(step.partition % PARTITIONS, `${step.key % 2 === 0 ? 'a' : 'b'}:${step.key}`, step.foreign);
        break;
      case 'burst':
        await this.#burst(step.partition % PARTITIONS);
        break;
      case 'fork':
        this.#world.log.fork(step.partition % PARTITIONS, step.lost);
        break;
      case 'replace':
        this.#world.log.replace(step.partition % PARTITIONS);
        break;
      case 'settle':
        await this.#catchUp();
        break;
      case 'turn':
        await turns(1);
        break;
      case 'wait':
        this.#world.clock.advance(1000);
        break;
      case 'catch-up':
        this.#node(step).store.catchUp(step.partition % PARTITIONS, step.changesMax);
        break;
      case 'miss':
        this.#node(step).store.miss(step.partition % PARTITIONS);
        break;
      case 'trim':
        this.#node(step).store.trim(step.partition % PARTITIONS, 2);
        break;
      case 'hold':
        this.#node(step).store.hold();
        break;
      case 'release':
        this.#node(step).store.release();
        break;
      case 'drain':
        await this.#drain(step.node % this.#nodes.length);
        break;
      default:
        this.#serve(step, this.#subscribers[step.subscriber % this.#subscribers.length]!);
    }
  }

  #serve(step: Extract<FleetStep, { readonly subscriber: number }>, subscriber: Subscriber): void {
    const { listener } = subscriber;
    switch (step.kind) {
      case 'come':
        if (listener?.ended !== undefined || listener === undefined) this.#come(subscriber, this.#node(step));
        break;
      case 'come-after-set':
        if (listener === undefined) {
          const partition = [0, 2][step.partition % 2]!;
          const { position } = this.#set(partition, 'a:1');
          subscriber.token = this.#world.tokenOf([{ partition, position }]);
          this.#come(subscriber, this.#node(step));
        }
        break;
      case 'leave':
        listener?.close();
        subscriber.listener = undefined;
        break;
      case 'stall':
        if (listener !== undefined) listener.stalled = true;
        break;
      case 'read':
        listener?.read();
        break;
      case 'flow':
        this.#flow(listener);
        break;
    }
  }

  #come(subscriber: Subscriber, node: FleetNode): void {
    const { prefixes, token } = subscriber;
    subscriber.judge.opened(token === '' ? [] : this.#world.momentOf(token));
    subscriber.listener = this.#world.subscribe({ prefixes, resumeToken: token }, { node });
    subscriber.judged = 0;
  }

  #judge(): void {
    for (const subscriber of this.#subscribers) {
      const { listener, judge } = subscriber;
      if (listener === undefined) continue;
      for (const message of listener.messages.slice(subscriber.judged)) judge.take(message);
      subscriber.judged = listener.buffers.length;
      if (listener.buffers.length > 0) subscriber.token = listener.token;
    }
  }

  #flow(listener: Listener | undefined): void {
    if (listener === undefined) return;
    listener.stalled = false;
    listener.read();
  }

  #set(partition: Partition, key: string, foreign = false) {
    const namespace = foreign || partition === 1 ? this.#world.namespaces[1]! : this.#namespace;
    return this.#world.set(partition, key, namespace);
  }

  async #burst(partition: Partition): Promise<void> {
    for (let i = 0; i < 1100; i++) {
      this.#set(partition, `a:${i % 100} ${LONG}`);
      if (i % 50 === 49) {
        for (const { store } of this.#nodes) store.catchUp(partition);
        await turns(1);
      }
    }
  }

  async #catchUp(): Promise<void> {
    for (const { store } of this.#nodes) {
      for (let partition = 0; partition < PARTITIONS; partition++) store.catchUp(partition);
    }
    await turns();
  }

  async #drain(index: number): Promise<void> {
    const node = this.#nodes[index]!;
    node.hub.drain();
    node.hub.close();
    this.#nodes[index] = await this.#world.reopen(node);
  }

  #node({ node }: { readonly node: number }): FleetNode {
    return this.#nodes[node % this.#nodes.length]!;
  }

  #newSubscriber(prefixes: readonly string[]): Subscriber {
    const { log, momentOf } = this.#world;
    const judge = new StreamJudge({
      log,
      momentOf,
      wants: (change) => {
        if (change.kind !== 'set' || change.namespaceId !== this.#namespace.id) return false;
        return prefixes.length === 0 || prefixes.some((prefix) => change.key.startsWith(prefix));
      },
    });
    return { prefixes, judge, listener: undefined, judged: 0, token: '' };
  }

  #assertUpToDate({ token }: Listener): void {
    for (const { partition, position } of this.#world.momentOf(token)) {
      assert.deepEqual(position, this.#world.log.head(partition), `partition ${partition} is told to its end`);
    }
  }
}
