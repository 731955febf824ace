import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type HeadQuestion, Proof } from '../../src/near/proof.ts';
import { permutations } from '../support/permutations.ts';

// The proof of freshness: never claims more than was told, whatever the order of questions, answers, changes and Resets.

const MAX_LAG_MS = 1000;

test('one answer proves nothing; the next that covers its head proves up to when it stood', () => {
  const proof = new Proof(MAX_LAG_MS);
  const first = proof.ask(100);
  assert.equal(first.earlier, undefined);
  assert.equal(proof.answered(first, { head: 'h1', ageMs: 30, covered: false }, 110), false);
  assert.equal(proof.holds(110), false);
  const second = proof.ask(350);
  assert.deepEqual(second.earlier, { head: 'h1', upToMs: 70 });
  assert.equal(proof.answered(second, { head: 'h2', ageMs: 0, covered: true }, 360), true);
  assert.equal(proof.provenUpToMs, 70);
  assert.equal(proof.holds(1070), true);
  assert.equal(proof.holds(1070.001), false);
  assert.deepEqual(proof.ask(600).earlier, { head: 'h2', upToMs: 350 });
});

test('a head that is not covered stays awaited until it could prove nothing any more', () => {
  const proof = new Proof(MAX_LAG_MS);
  proof.answered(proof.ask(0), { head: 'h1', ageMs: 0, covered: false }, 0);
  proof.answered(proof.ask(500), { head: 'h2', ageMs: 0, covered: false }, 1000);
  assert.equal(proof.ask(1000).earlier?.head, 'h1');
  proof.answered(proof.ask(1000), { head: 'h3', ageMs: 0, covered: false }, 1001);
  assert.equal(proof.ask(1001).earlier?.head, 'h3');
});

test('an answer from before a Reset proves nothing', () => {
  const proof = new Proof(MAX_LAG_MS);
  proof.answered(proof.ask(0), { head: 'h1', ageMs: 0, covered: false }, 0);
  const late = proof.ask(10);
  proof.reset();
  assert.equal(proof.answered(late, { head: 'h2', ageMs: 0, covered: true }, 20), false);
  assert.equal(proof.holds(20), false);
  assert.equal(proof.ask(30).earlier, undefined);
});

test('answers in every order prove the same in the end', () => {
  for (const order of permutations([0, 1, 2, 3])) {
    const proof = new Proof(MAX_LAG_MS);
    proof.answered(proof.ask(0), { head: 'h', ageMs: 0, covered: false }, 0);
    const questions = [10, 20, 30, 40].map((atMs) => proof.ask(atMs));
    for (const place of order) {
      proof.answered(questions[place]!, { head: `h${place}`, ageMs: 0, covered: true }, 50);
      assert.equal(proof.provenUpToMs, 0, `after ${order}`);
    }
    // What is awaited next is the head of the first answer that came: the others were asked for the old one.
    assert.equal(proof.ask(60).earlier?.head, `h${order[0]}`);
  }
});

type Step =
  | { readonly kind: 'acknowledge' | 'tell' | 'ask' | 'reset' }
  | { readonly kind: 'answer'; readonly which: number }
  | { readonly kind: 'wait'; readonly ms: number };

/** A server with one log, a stream that tells it late, and answers that come in any order. */
class World {
  readonly proof = new Proof(MAX_LAG_MS);
  nowMs = 0;
  /** When each change was acknowledged. */
  readonly acknowledgedMs: number[] = [];
  told = 0;
  #open: { question: HeadQuestion; head: number; told: number }[] = [];

  step(step: Step): void {
    switch (step.kind) {
      case 'acknowledge':
        this.acknowledgedMs.push(this.nowMs);
        break;
      case 'tell':
        this.told = Math.min(this.told + 1, this.acknowledgedMs.length);
        break;
      case 'ask':
        this.#open.push({ question: this.proof.ask(this.nowMs), head: this.acknowledgedMs.length, told: this.told });
        break;
      case 'answer':
        this.#answer(step.which);
        break;
      case 'reset':
        this.proof.reset();
        break;
      case 'wait':
        this.nowMs += step.ms;
    }
  }

  /** The head is what the server had when the question was sent: the oldest that the contract allows. */
  #answer(which: number): void {
    const [asked] = this.#open.splice(which % Math.max(1, this.#open.length), 1);
    if (asked === undefined) return;
    const { question, head, told } = asked;
    const covered = question.earlier !== undefined && told >= Number(question.earlier.head);
    this.proof.answered(question, { head: String(head), ageMs: 0, covered }, this.nowMs);
  }

  check(): void {
    const provenMs = this.proof.provenUpToMs;
    const missing = this.acknowledgedMs.slice(this.told).filter((ms) => ms < provenMs);
    assert.deepEqual(missing, [], `proven up to ${provenMs}, but these were not told`);
  }
}

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Step>({ kind: 'acknowledge' }, { kind: 'tell' }, { kind: 'ask' }) },
  { weight: 3, arbitrary: fc.nat(1).map((which): Step => ({ kind: 'answer', which })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 400 }).map((ms): Step => ({ kind: 'wait', ms })) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'reset' }) },
);

test('in any history, what counts as proven was told', () => {
  let proved = 0;
  fc.assert(
    fc.property(fc.array(STEP, { minLength: 20, maxLength: 80 }), (steps) => {
      const world = new World();
      let hasProved = false;
      for (const step of steps) {
        world.step(step);
        world.check();
        hasProved ||= world.proof.provenUpToMs > 0;
      }
      if (hasProved) proved++;
    }),
    { numRuns: 3000 },
  );
  assert.ok(proved > 100, `only ${proved} histories proved anything`);
});

test('in every order of two rounds of questions, changes and tellings, what counts as proven was told', () => {
  const steps: Step[] = [
    { kind: 'acknowledge' },
    { kind: 'tell' },
    { kind: 'ask' },
    { kind: 'ask' },
    { kind: 'answer', which: 0 },
    { kind: 'answer', which: 1 },
    { kind: 'wait', ms: 5 },
  ];
  for (const order of permutations(steps)) {
    const world = new World();
    for (const step of [...order, ...order]) {
      world.step(step);
      world.check();
    }
  }
});
