import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { seededRandom } from '../support/seeded-random.ts';
import { zipfSampler } from './zipf.ts';

/** What a synthetic trace looks like. */
export interface SyntheticOptions {
  readonly seed: number;
  readonly requests: number;
  /** Keys that are popular at the same time. */
  readonly ranks: number;
  readonly zipfExponent: number;
  /** Popularity moves on by `driftKeys` keys after every `driftEveryRequests` requests. */
  readonly driftKeys: number;
  readonly driftEveryRequests: number;
  /** After every `scanEveryRequests` requests come `scanKeys` keys that are seen only once. */
  readonly scanKeys: number;
  readonly scanEveryRequests: number;
}

/** The trace that is shipped: 30 000 requests over about 10 000 keys. */
export const shippedOptions: SyntheticOptions = {
  seed: 20_261_122,
  requests: 30_000,
  ranks: 15_000,
  zipfExponent: 0.9,
  driftKeys: 25,
  driftEveryRequests: 500,
  scanKeys: 400,
  scanEveryRequests: 6_000,
};

/** Where the shipped trace is. */
export const shippedTracePath = new URL('data/synthetic.txt.gz', import.meta.url).pathname;

/** Returns the text of a synthetic trace, one key a line, numbered in order of first appearance. */
export function syntheticText(options: SyntheticOptions): string {
  const numbers = new Map<number, number>();
  let text = '';
  for (const key of syntheticKeys(options)) {
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    text += `${number}\n`;
  }
  return text;
}

/** Popular keys are 0, 1, 2 …; the keys of scans are −1, −2, …: they never meet. */
function* syntheticKeys(options: SyntheticOptions): Generator<number, void, undefined> {
  const sample = zipfSampler(options.ranks, options.zipfExponent, seededRandom(options.seed));
  const cycle = options.scanEveryRequests + options.scanKeys;
  let scanned = 0;
  for (let index = 0; index < options.requests; index += 1) {
    if (index % cycle >= options.scanEveryRequests) {
      scanned += 1;
      yield -scanned;
    } else {
      yield sample() + options.driftKeys * Math.floor(index / options.driftEveryRequests);
    }
  }
}

if (import.meta.main) writeFileSync(shippedTracePath, gzipSync(syntheticText(shippedOptions), { level: 9 }));
