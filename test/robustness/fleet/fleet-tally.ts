import { brokenPromise } from '../validators/assert-kept.ts';
import { coverageOfFleet, faultCounts } from './history/fleet-coverage.ts';
import type { FleetHistory } from './history/fleet-history.ts';
import { Truth } from './history/truth.ts';
import { allFleetValidators } from './validators/all-fleet-validators.ts';

interface Row {
  checked: number;
  violations: number;
}

/** Adds up what the validators found in many runs of fleets. */
export class FleetTally {
  readonly #rows = new Map<string, Row>(allFleetValidators.map(({ name }) => [name, { checked: 0, violations: 0 }]));
  readonly #happened = new Map<string, number>();
  readonly #faults = new Map<string, number>();
  #runs = 0;

  /** Runs so far. */
  get runs(): number {
    return this.#runs;
  }

  /** Judges a history; returns the promises that it breaks, with the evidence. */
  add(history: FleetHistory): string[] {
    this.#runs++;
    const truth = new Truth(history);
    for (const [name, count] of Object.entries(coverageOfFleet(history))) raise(this.#happened, name, count);
    for (const [kind, count] of faultCounts(history)) raise(this.#faults, kind, count);
    return allFleetValidators.flatMap((validator) => {
      const verdict = validator.validate(truth);
      const row = this.#rows.get(validator.name)!;
      row.checked += verdict.checked;
      row.violations += verdict.evidence.length;
      return verdict.evidence.length === 0 ? [] : [brokenPromise(validator, verdict)];
    });
  }

  /** Returns the table: one line a promise, then what happened and what was done. */
  table(): string {
    const faults = [...this.#faults.values()].reduce((sum, count) => sum + count, 0);
    const rows = [...this.#rows].map(([name, { checked, violations }]) => {
      const bound = checked === 0 ? '-' : (3 / checked).toExponential(1);
      return line(name, `${checked}`, `${faults}`, `${violations}`, violations > 0 ? '-' : bound);
    });
    const list = (counts: ReadonlyMap<string, number>): string =>
      [...counts].map(([name, n]) => `${name} ${n}`).join(', ');
    return [
      line('promise', 'N', 'faults', 'violations', '3/N'),
      ...rows,
      '',
      list(this.#happened),
      list(this.#faults),
    ].join('\n');
  }
}

function raise(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

function line(name: string, ...figures: string[]): string {
  return name.padEnd(18) + figures.map((figure) => figure.padStart(12)).join('');
}
