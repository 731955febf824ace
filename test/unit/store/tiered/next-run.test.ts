// Goal: one question is on its way at a time, and nobody is given an answer that was asked for before he came. Method:
// questions that the test answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { NextRun } from '../../../../src/store/tiered/next-run.ts';

class World {
  readonly questions: PromiseWithResolvers<number>[] = [];
  readonly run = new NextRun(() => {
    const question = Promise.withResolvers<number>();
    this.questions.push(question);
    return question.promise;
  });

  async answer(): Promise<void> {
    const number = this.questions.length;
    this.questions.at(-1)!.resolve(number);
    await turn();
  }
}

test('who comes while a question is on its way shares the next one', async () => {
  const world = new World();
  const first = world.run.answer();
  const [second, third] = [world.run.answer(), world.run.answer()];
  assert.equal(world.questions.length, 1);
  await world.answer();
  assert.equal(world.questions.length, 2);
  const fourth = world.run.answer();
  await world.answer();
  await world.answer();
  assert.deepEqual(await Promise.all([first, second, third, fourth]), [1, 2, 2, 3]);
  assert.equal(world.questions.length, 3);
});

test('who comes when nothing is on its way asks at once', async () => {
  const world = new World();
  for (const number of [1, 2]) {
    const answer = world.run.answer();
    assert.equal(world.questions.length, number);
    await world.answer();
    assert.equal(await answer, number);
  }
});

test('a question that failed has failed for who asked it, not for who comes after', async () => {
  const world = new World();
  const first = world.run.answer();
  const second = world.run.answer();
  world.questions[0]!.reject(new Error('cut'));
  await assert.rejects(first, /cut/);
  await turn();
  await world.answer();
  assert.equal(await second, 2);
});

test('who comes in the very turn of an answer asks no second question beside the next one', async () => {
  const world = new World();
  const first = world.run.answer();
  const second = world.run.answer();
  const third = first.then(() => world.run.answer());
  await world.answer();
  assert.equal(world.questions.length, 2);
  await world.answer();
  await world.answer();
  assert.equal(await second, 2);
  assert.ok((await third) >= 2);
});
