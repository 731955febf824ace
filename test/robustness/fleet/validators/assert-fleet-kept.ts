import assert from 'node:assert/strict';
import { brokenPromise } from '../../validators/assert-kept.ts';
import type { FleetHistory } from '../history/fleet-history.ts';
import { Truth } from '../history/truth.ts';
import { allFleetValidators } from './all-fleet-validators.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** Fails with every promise that the history breaks. */
export function assertFleetKept(
  history: FleetHistory,
  validators: readonly FleetValidator[] = allFleetValidators,
): void {
  const truth = new Truth(history);
  const broken = validators
    .map((validator) => ({ validator, verdict: validator.validate(truth) }))
    .filter(({ verdict }) => verdict.evidence.length > 0)
    .map(({ validator: { name, promise }, verdict }) => brokenPromise({ name, promise }, verdict));
  if (broken.length > 0) assert.fail(broken.join('\n'));
}
