// Goal: how far a node is said to have come is never further than it is. Method: the rule on histories with forks, and its
// laws on random ones.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Epoch, Position } from '../../../../src/cache/rules/position.ts';
import {
  isSettled,
  leastState,
  mayLackNodes,
  type NodeReport,
  type NodeState,
  nodeState,
  type ReceiptGoal,
} from '../../../../src/cache/rules/receipt.ts';
import { checkProperty } from '../../../support/check-property.ts';

const [OLD, NEW, OTHER] = ['a', 'b', 'c'].map((digit) => digit.repeat(16) as Epoch) as [Epoch, Epoch, Epoch];
/** `NEW` shares everything up to 10 with `OLD`. */
const CHAIN: EpochChain = { epoch: NEW, ancestors: [{ epoch: OLD, fork: 10 }] };
const GOALS: readonly ReceiptGoal[] = ['applied', 'streamed'];

const at = (number: number, epoch = NEW): Position => ({ epoch, number });

function report(parts: Partial<NodeReport>): NodeReport {
  return { applied: undefined, streamed: undefined, silentMs: 0, trustedMs: 1000, ...parts };
}

function stateOf(target: Position, goal: ReceiptGoal, parts: Partial<NodeReport>): NodeState {
  return nodeState(CHAIN, target, goal, report(parts));
}

test('a node is as far as it has registered, and no further than is asked', () => {
  const node = { applied: at(12), streamed: at(11) };
  assert.deepEqual(
    [11, 12, 13].map((number) => stateOf(at(number), 'streamed', node)),
    ['streamed', 'applied', 'behind'],
  );
  assert.deepEqual(
    [11, 12, 13].map((number) => stateOf(at(number), 'applied', node)),
    ['applied', 'applied', 'behind'],
  );
});

test('a node that registered nothing is behind', () => {
  for (const goal of GOALS) assert.equal(stateOf(at(1), goal, {}), 'behind');
});

test('who was silent for longer than it may be trusted is silent, unless it has come far enough', () => {
  for (const goal of GOALS) {
    assert.equal(stateOf(at(12), goal, { silentMs: 1000 }), 'behind');
    assert.equal(stateOf(at(12), goal, { silentMs: 1001 }), 'silent');
    assert.equal(stateOf(at(12), goal, { silentMs: 1001, trustedMs: 2000 }), 'behind');
    assert.equal(
      stateOf(at(12), goal, { applied: at(12), streamed: at(12), silentMs: 1001 }),
      goal === 'applied' ? 'applied' : 'streamed',
    );
  }
  assert.equal(stateOf(at(12), 'streamed', { applied: at(12), silentMs: 1001 }), 'silent');
});

test('numbers of an ancestor count up to the fork, those of another history not at all', () => {
  assert.equal(stateOf(at(9, OLD), 'applied', { applied: at(11) }), 'applied');
  assert.equal(stateOf(at(9), 'applied', { applied: at(9, OLD) }), 'applied');
  assert.equal(stateOf(at(11), 'applied', { applied: at(99, OLD) }), 'behind');
  assert.equal(stateOf(at(9), 'applied', { applied: at(99, OTHER) }), 'behind');
});

test('what a failover lost is reached by nobody, however silent', () => {
  const everywhere = { applied: at(99), streamed: at(99), silentMs: 5000 };
  for (const goal of GOALS) {
    assert.equal(stateOf(at(11, OLD), goal, everywhere), 'behind');
    assert.equal(stateOf(at(1, OTHER), goal, everywhere), 'behind');
  }
});

test('of several changes the one that is least far tells, and silence before what was reached', () => {
  assert.equal(leastState(['applied', 'behind', 'silent'], 'applied'), 'behind');
  assert.equal(leastState(['applied', 'silent'], 'applied'), 'silent');
  assert.equal(leastState(['applied', 'silent', 'streamed'], 'streamed'), 'applied');
  assert.equal(leastState(['streamed', 'silent'], 'streamed'), 'silent');
  for (const goal of GOALS) assert.equal(leastState([goal], goal), goal);
});

test('nodes may be missing until all that was proven before the list began has ended', () => {
  assert.deepEqual([mayLackNodes(1000, 1000), mayLackNodes(1001, 1000)], [true, false]);
});

const position = fc.record({ epoch: fc.constantFrom(OLD, NEW, OTHER), number: fc.integer({ min: 1, max: 20 }) });
const reportOf = fc.record({
  applied: fc.option(position, { nil: undefined }),
  streamed: fc.option(position, { nil: undefined }),
  silentMs: fc.integer({ min: 0, max: 2000 }),
  trustedMs: fc.integer({ min: 0, max: 2000 }),
});

test('who is waited for no more stays so while it goes on or falls silent', () => {
  const property = fc.property(
    position,
    fc.constantFrom(...GOALS),
    reportOf,
    fc.nat(20),
    fc.nat(500),
    (target, goal, node, furtherBy, laterMs) => {
      fc.pre(isSettled(nodeState(CHAIN, target, goal, node), goal));
      const on = (reached: Position | undefined): Position | undefined =>
        reached && { ...reached, number: reached.number + furtherBy };
      const later = {
        ...node,
        applied: on(node.applied),
        streamed: on(node.streamed),
        silentMs: node.silentMs + laterMs,
      };
      assert.ok(isSettled(nodeState(CHAIN, target, goal, later), goal));
    },
  );
  checkProperty(property);
});

test('one state over several is settled exactly if each of them is', () => {
  const states = fc.array(fc.constantFrom<NodeState>('applied', 'streamed', 'silent', 'behind'), { minLength: 1 });
  const property = fc.property(states, fc.constantFrom(...GOALS), (all, goal) => {
    const own = all.filter((state) => goal === 'streamed' || state !== 'streamed');
    fc.pre(own.length > 0);
    assert.equal(
      isSettled(leastState(own, goal), goal),
      own.every((state) => isSettled(state, goal)),
    );
  });
  checkProperty(property);
});
