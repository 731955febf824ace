// Goal: a server alone is its only node, and waits for its subscribers if that is wished, no longer than it may. Method: a
// store in memory on a manual clock, whose subscribers were told what the test says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Position } from '../../../src/cache/rules/position.ts';
import type { NodeState, ReceiptGoal } from '../../../src/cache/rules/receipt.ts';
import type { NodeReceipt } from '../../../src/store/receipt.ts';
import { AMPLE_BYTES, NS } from '../../suite/store/store-harness.ts';
import { openMemoryStore } from '../../support/open-memory-store.ts';

/** A store with one invalidation, about which nobody was told yet. */
function invalidated() {
  const { store, clock } = openMemoryStore();
  store.openNamespace(NS, AMPLE_BYTES);
  const { moment, position } = store.invalidate({ namespaceId: NS, selector: { kind: 'namespace' }, mode: 'remove' });
  const told: { upTo: Position | undefined } = { upTo: { ...position, number: position.number - 1 } };
  store.learnStreams(() => told.upTo);
  const leaving = new AbortController();
  const begin = (goal: ReceiptGoal) => {
    const asked: { answer: readonly NodeReceipt[] | undefined } = { answer: undefined };
    void store.receipt({ moment, goal, withinMs: 1000, signal: leaving.signal }).then((answer) => {
      asked.answer = answer;
    });
    return asked;
  };
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 10) {
      await turn();
      clock.advance(10);
    }
    await turn();
  };
  return { told, position, begin, pass, leaving, clock };
}

function statesIn({ answer }: { readonly answer: readonly NodeReceipt[] | undefined }): NodeState[] | undefined {
  return answer?.map(({ state }) => state);
}

test('it has applied what it has acknowledged', async () => {
  const { begin, pass } = invalidated();
  const asked = begin('applied');
  await pass(0);
  assert.deepEqual(asked.answer, [{ name: 'solo', state: 'applied', silentMs: 0 }]);
});

test('it waits for its subscribers', async () => {
  const { begin, pass, told, position } = invalidated();
  const asked = begin('streamed');
  await pass(500);
  assert.equal(asked.answer, undefined);
  told.upTo = position;
  await pass(100);
  assert.deepEqual(asked.answer, [{ name: 'solo', state: 'streamed', silentMs: 0 }]);
});

test('where nobody has subscribed nobody is waited for', async () => {
  const { begin, pass, told } = invalidated();
  told.upTo = undefined;
  const asked = begin('streamed');
  await pass(0);
  assert.deepEqual(statesIn(asked), ['streamed']);
});

test('when the time is over, or the caller has left, it says how far it is', async () => {
  const { begin, pass, leaving, clock } = invalidated();
  const late = begin('streamed');
  await pass(990);
  assert.deepEqual(statesIn(late), undefined);
  await pass(10);
  assert.deepEqual(statesIn(late), ['applied']);
  const left = begin('streamed');
  await pass(100);
  leaving.abort();
  await pass(0);
  assert.deepEqual(statesIn(left), ['applied']);
  assert.equal(clock.timers, 0);
});
