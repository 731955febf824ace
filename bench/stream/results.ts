import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { RunFacts } from '../run/report.ts';
import { type Figure, writeJson } from '../support/results.ts';

interface Results {
  readonly figures: readonly Figure[];
}

const resultsDir = fileURLToPath(new URL('../results/', import.meta.url));
const path = `${resultsDir}latest.json`;

/**
 * Puts the stream's figures after the others in bench/results/latest.json, in place of those that were there, and the
 * facts of their run under `streamRun`: the others may be of an earlier run.
 */
export function mergeStreamResults(figures: readonly Figure[], facts: RunFacts): void {
  mkdirSync(resultsDir, { recursive: true });
  const { figures: known, ...run } = existsSync(path) ? readResults() : { figures: [] };
  const others = known.filter(({ id }) => !isOfStream(id));
  writeJson(path, { ...run, streamRun: facts, figures: [...others, ...figures] });
}

function readResults(): Results {
  return JSON.parse(readFileSync(path, 'utf8')) as Results;
}

function isOfStream(id: string): boolean {
  return /^reprise\.(?:fanOut|set|latency)\./.test(id);
}
