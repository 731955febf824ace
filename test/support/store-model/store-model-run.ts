import type { SeededRandom } from '../seeded-random.ts';
import { invalidateStep, removeStep, retimeStep, settleStep, writeStep } from './change-steps.ts';
import { checkUsage } from './checks.ts';
import { acquireLeaseStep, releaseLeaseStep } from './lease-steps.ts';
import { dropStep, openStep, pauseStep } from './namespace-steps.ts';
import { NAMESPACES, pickKey } from './random-choices.ts';
import { listStep, readManyStep, readStep } from './read-steps.ts';
import { type RunOptions, RunState } from './run-state.ts';

/**
 * Drives a memory store with random operations and checks each answer against a model. Answers are exact, but for one
 * thing: where few tombstones are allowed, a fence may be refused, and a cause forgotten, more often than the model says.
 */
export class StoreModelRun {
  readonly #state: RunState;

  constructor(random: SeededRandom, options: RunOptions) {
    this.#state = new RunState(random, options);
    for (const namespaceId of NAMESPACES) openStep(this.#state, namespaceId);
  }

  /** Does `steps` random operations. A failure tells the step. */
  run(steps: number): void {
    const { store, options } = this.#state;
    for (let step = 0; step < steps; step++) {
      try {
        takeStep(this.#state);
        if (step % options.validateEvery === 0) store.validate();
      } catch (error) {
        throw new Error(`step ${step}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
    store.validate();
  }
}

function takeStep(state: RunState): void {
  const { random } = state;
  state.namespaceId = random.pick(NAMESPACES);
  state.key = pickKey(random);
  state.changes.length = 0;
  const dice = random.below(1000);
  if (dice < 300) writeStep(state);
  else if (dice < 550) readStep(state);
  else if (dice < 620) retimeStep(state);
  else if (dice < 680) removeStep(state);
  else if (dice < 730) invalidateStep(state);
  else if (dice < 780) settleStep(state);
  else if (dice < 850) acquireLeaseStep(state);
  else if (dice < 870) releaseLeaseStep(state);
  else if (dice < 960) pauseStep(state);
  else if (dice < 975) listStep(state);
  else if (dice < 990) readManyStep(state);
  else if (dice < 998) openStep(state, state.namespaceId);
  else dropStep(state);
  checkUsage(state);
}
