import type { Coverage } from './history/coverage.ts';
import type { History } from './history/history.ts';
import { allValidators } from './validators/all-validators.ts';
import { brokenPromise } from './validators/assert-kept.ts';

interface Row {
  histories: number;
  checked: number;
  violations: number;
}

/** Adds up what the validators found in many histories. */
export class Tally {
  readonly #rows = new Map<string, Row>(
    allValidators.map(({ name }) => [name, { histories: 0, checked: 0, violations: 0 }]),
  );
  readonly #happened = new Map<string, number>();

  /** Judges a history; returns the promises that it breaks, with the evidence. */
  add(history: History, coverage: Coverage): string[] {
    for (const [name, count] of Object.entries(coverage)) {
      const before = this.#happened.get(name) ?? 0;
      this.#happened.set(name, name.endsWith('Max') ? Math.max(before, count) : before + count);
    }
    return allValidators.flatMap((validator) => {
      const verdict = validator.validate(history);
      const row = this.#rows.get(validator.name)!;
      row.histories++;
      row.checked += verdict.checked;
      row.violations += verdict.evidence.length;
      return verdict.evidence.length === 0 ? [] : [brokenPromise(validator, verdict)];
    });
  }

  /** Returns the table: one line a promise, then what happened. */
  table(): string {
    const lines = [...this.#rows].map(([name, { histories, checked, violations }]) => {
      return line(name, `${histories}`, `${checked}`, `${violations}`);
    });
    const happened = [...this.#happened].map(([name, count]) => `${name} ${count}`).join(', ');
    return [line('promise', 'histories', 'checked', 'violations'), ...lines, '', happened].join('\n');
  }
}

function line(name: string, ...figures: string[]): string {
  return name.padEnd(18) + figures.map((figure) => figure.padStart(12)).join('');
}
