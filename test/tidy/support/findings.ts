import assert from 'node:assert/strict';
import { isUnder } from './repository.ts';

/** One breach of a rule. */
export interface Finding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** What is wrong there, and what to do instead. */
  readonly what: string;
}

/** Files and folders that may break a rule, each with the reason why. */
export type Allowed = Readonly<Record<string, string>>;

/** Fails with one line a finding. Places in `allowed` may break the rule; one of them that no longer does fails too. */
export function assertNone(findings: readonly Finding[], allowed: Allowed = {}): void {
  const places = Object.keys(allowed);
  const refused = findings.filter(({ path }) => !places.some((place) => isUnder(path, place)));
  const idle = places.filter((place) => !findings.some(({ path }) => isUnder(path, place)));
  const lines = [
    ...refused.map(({ path, line, what }) => `${path}:${line}: ${what}`),
    ...idle.map((place) => `${place}: keeps the rule now, take it from the list of the allowed`),
  ];
  assert.ok(lines.length === 0, `\n${lines.join('\n')}`);
}
