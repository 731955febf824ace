// Goal: a receipt waits for whoever has to be waited for and no longer, and says who was not there in time. Method: a
// manual clock, and partitions that list what the test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { OperatingError } from '../../../../src/base/operating-error.ts';
import type { Partition } from '../../../../src/cache/rules/position.ts';
import type { NodeState } from '../../../../src/cache/rules/receipt.ts';
import type { PartitionStore, RegisteredNode } from '../../../../src/store/partition-store.ts';
import type { NodeReceipt, ReceiptWish } from '../../../../src/store/receipt.ts';
import { Receipts } from '../../../../src/store/tiered/receipts.ts';
import { EPOCH } from '../../../support/changes.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { forkedAt, toldOf, viewFrom } from './builders.ts';

const LAG_MS = 1000;
const at = (number: number) => ({ epoch: EPOCH, number });

interface List {
  nodes: RegisteredNode[];
  listAgeMs: number;
  failure: unknown;
  looks: number;
  asked: number;
}

function node(name: string, applied: number, parts: Partial<RegisteredNode> = {}): RegisteredNode {
  const position = applied === 0 ? undefined : at(applied);
  return { id: `id-${name}`, name, applied: position, streamed: position, silentMs: 0, trustedMs: LAG_MS, ...parts };
}

class World {
  readonly clock = new ManualClock();
  readonly lists: List[] = [0, 1].map(() => ({ nodes: [], listAgeMs: 60_000, failure: undefined, looks: 0, asked: 0 }));
  chain = toldOf(9).chain;
  readonly #views = [0, 1].map((partition) => viewFrom(9, partition));
  readonly receipts = new Receipts({
    clock: this.clock,
    viewOf: (partition) => this.#views[partition]!,
    proofAgeMsMax: LAG_MS,
    partitions: {
      askNodes: async (partition: Partition) => void this.lists[partition]!.asked++,
      nodes: async (partition: Partition) => {
        const list = this.lists[partition]!;
        list.looks++;
        if (list.failure !== undefined) throw list.failure;
        return { ...toldOf(9, { chain: this.chain }), nodes: list.nodes, listAgeMs: list.listAgeMs };
      },
    } as Partial<PartitionStore> as PartitionStore,
  });

  constructor() {
    this.prove();
  }

  /** The server was found in force now. */
  prove(): void {
    for (const view of this.#views) view.proof = { server: 'a', provenAtMs: this.clock.monotonicMs() };
  }

  /** Lets time pass, by steps in which the server goes on being found in force. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 10) {
      this.clock.advance(10);
      this.prove();
      await turn();
    }
  }

  begin(wish: Partial<ReceiptWish> = {}): { answer: () => readonly NodeReceipt[] | undefined } {
    const moment = [{ partition: 0, position: at(9) }];
    const { signal } = new AbortController();
    let answer: readonly NodeReceipt[] | undefined;
    void this.receipts.receipt({ moment, goal: 'applied', withinMs: 5000, signal, ...wish }).then((receipt) => {
      answer = receipt;
    });
    return { answer: () => answer };
  }
}

function states(receipt: readonly NodeReceipt[] | undefined): (readonly [string, NodeState])[] | undefined {
  return receipt?.map(({ name, state }) => [name, state] as const);
}

test('it answers once every node has applied the change, in the order of names', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('b', 9), node('a', 8)];
  const { answer } = world.begin();
  await world.pass(300);
  assert.equal(answer(), undefined);
  assert.ok(list.asked > 1 && list.asked < 20, `nodes were asked ${list.asked} times`);
  list.nodes = [node('b', 9), node('a', 9)];
  await world.pass(100);
  assert.deepEqual(states(answer()), [
    ['a', 'applied'],
    ['b', 'applied'],
  ]);
  assert.equal(world.clock.timers, 0);
});

test('a node that goes on and stays behind is named when the time is over', async () => {
  const world = new World();
  world.lists[0]!.nodes = [node('a', 9), node('b', 8, { silentMs: 100 })];
  const { answer } = world.begin();
  await world.pass(4990);
  assert.equal(answer(), undefined);
  await world.pass(10);
  assert.deepEqual(answer(), [
    { name: 'a', state: 'applied', silentMs: 0 },
    { name: 'b', state: 'behind', silentMs: 100 },
  ]);
});

test('a silent node is waited for until it may not be trusted any more', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('a', 8, { silentMs: LAG_MS })];
  const { answer } = world.begin();
  await world.pass(300);
  assert.equal(answer(), undefined);
  list.nodes = [node('a', 8, { silentMs: LAG_MS + 1 })];
  await world.pass(100);
  assert.deepEqual(states(answer()), [['a', 'silent']]);
});

test('whoever left is not named', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('a', 9), node('b', 8)];
  const { answer } = world.begin();
  await world.pass(100);
  list.nodes = [node('a', 9)];
  await world.pass(200);
  assert.deepEqual(states(answer()), [['a', 'applied']]);
});

test('over several partitions a node is as far as where it is least far, and silent as long as it is anywhere', async () => {
  const world = new World();
  const [first, second] = world.lists as [List, List];
  first.nodes = [node('a', 9, { silentMs: 3 }), node('b', 9)];
  second.nodes = [node('a', 9, { silentMs: 7 }), node('b', 8, { silentMs: 2 * LAG_MS }), node('c', 9)];
  const moment = [0, 1].map((partition) => ({ partition, position: at(9) }));
  const { answer } = world.begin({ moment });
  await world.pass(20);
  assert.deepEqual(answer(), [
    { name: 'a', state: 'applied', silentMs: 7 },
    { name: 'b', state: 'silent', silentMs: 2 * LAG_MS },
    { name: 'c', state: 'applied', silentMs: 0 },
  ]);
});

test('two nodes of one name are two nodes', async () => {
  const world = new World();
  world.lists[0]!.nodes = [node('a', 9), node('a', 8, { id: 'other', silentMs: 2 * LAG_MS })];
  const { answer } = world.begin();
  await world.pass(20);
  assert.deepEqual(new Set(answer()?.map(({ state }) => state)), new Set<NodeState>(['applied', 'silent']));
});

test('subscribers are waited for where that is wished, and who has only applied it is named so', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('a', 9), node('b', 9, { streamed: at(8) })];
  const early = world.begin({ goal: 'streamed', withinMs: 500 });
  const late = world.begin({ goal: 'streamed' });
  await world.pass(510);
  assert.deepEqual(states(early.answer()), [
    ['a', 'streamed'],
    ['b', 'applied'],
  ]);
  list.nodes = [node('a', 9), node('b', 9)];
  await world.pass(200);
  assert.deepEqual(states(late.answer()), [
    ['a', 'streamed'],
    ['b', 'streamed'],
  ]);
});

test('where the history has just begun, nodes may be there that nobody knows of', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('a', 9, { trustedMs: 3 * LAG_MS })];
  list.listAgeMs = 3 * LAG_MS;
  const early = world.begin({ withinMs: 500 });
  const late = world.begin();
  await world.pass(510);
  assert.deepEqual(early.answer(), [
    { name: '', state: 'behind', silentMs: 0 },
    { name: 'a', state: 'applied', silentMs: 0 },
  ]);
  list.listAgeMs = 3 * LAG_MS + 1;
  await world.pass(200);
  assert.deepEqual(states(late.answer()), [['a', 'applied']]);
});

test('what a failover lost is not reached by anybody', async () => {
  const world = new World();
  world.chain = forkedAt(8);
  world.lists[0]!.nodes = [node('a', 9), node('b', 9, { silentMs: 2 * LAG_MS })];
  const { answer } = world.begin({ withinMs: 500 });
  await world.pass(510);
  assert.deepEqual(states(answer()), [
    ['a', 'behind'],
    ['b', 'behind'],
  ]);
});

test('while the store can not be asked nothing is known, and it may come back', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.failure = new OperatingError('STORE_UNAVAILABLE', 'cut');
  const early = world.begin({ withinMs: 500 });
  const late = world.begin();
  await world.pass(510);
  assert.deepEqual(states(early.answer()), [['', 'behind']]);
  list.failure = undefined;
  list.nodes = [node('a', 9)];
  await world.pass(200);
  assert.deepEqual(states(late.answer()), [['a', 'applied']]);
});

test('a server that was not found in force lately is not believed', async () => {
  const world = new World();
  world.lists[0]!.nodes = [node('a', 9)];
  world.clock.advance(LAG_MS + 1);
  const { answer } = world.begin({ withinMs: 20 });
  for (let i = 0; i < 5; i++) {
    world.clock.advance(5);
    await turn();
  }
  assert.deepEqual(states(answer()), [['', 'behind']]);
  assert.equal(world.lists[0]!.looks, 0);
});

test('a look that is not answered does not keep the answer', async () => {
  const world = new World();
  const receipts = new Receipts({
    clock: world.clock,
    viewOf: (partition) => viewFrom(9, partition),
    proofAgeMsMax: LAG_MS,
    partitions: { askNodes: () => new Promise(() => {}), nodes: () => new Promise(() => {}) } as never,
  });
  const moment = [{ partition: 0, position: at(9) }];
  const { signal } = new AbortController();
  const asked = receipts.receipt({ moment, goal: 'applied', withinMs: 100, signal });
  await world.pass(110);
  assert.deepEqual(states(await asked), [['', 'behind']]);
});

test('who gives up waits no more', async () => {
  const world = new World();
  world.lists[0]!.nodes = [node('a', 8)];
  const leaving = new AbortController();
  const { answer } = world.begin({ signal: leaving.signal });
  await world.pass(50);
  leaving.abort();
  await turn();
  await turn();
  assert.deepEqual(states(answer()), [['a', 'behind']]);
  assert.equal(world.clock.timers, 0);
});

test('many who wait share their looks', async () => {
  const world = new World();
  const [list] = world.lists as [List, List];
  list.nodes = [node('a', 8)];
  const waiting = Array.from({ length: 100 }, () => world.begin());
  await world.pass(300);
  assert.ok(list.looks < 40, `${list.looks} looks`);
  assert.ok(list.asked < 40, `asked ${list.asked} times`);
  list.nodes = [node('a', 9)];
  await world.pass(200);
  for (const { answer } of waiting) assert.deepEqual(states(answer()), [['a', 'applied']]);
});
