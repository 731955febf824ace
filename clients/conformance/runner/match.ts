import { inspect, isDeepStrictEqual } from 'node:util';

/** What a scenario expects: plain data with a few words that stand for more than themselves. */
export type Expected = unknown;

type Fields = Readonly<Record<string, unknown>>;

/** Characters of what differs that are shown. */
const SHOWN_MAX = 1500;

const words: Readonly<Record<string, (actual: unknown) => boolean>> = {
  $any: (actual) => !isNothing(actual),
  $absent: isNothing,
  $text: (actual) => typeof actual === 'string' && actual !== '',
  $number: (actual) => typeof actual === 'number',
};

const forms: Readonly<Record<string, (actual: unknown, of: unknown) => boolean>> = {
  $range: (actual, of) => {
    const [min, max] = of as [number, number];
    return typeof actual === 'number' && actual >= min && actual <= max;
  },
  $oneOf: (actual, of) => (of as unknown[]).some((each) => mismatch(each, actual) === undefined),
  $not: (actual, of) => mismatch(of, actual) !== undefined,
  $length: (actual, of) => Array.isArray(actual) && mismatch(of, actual.length) === undefined,
  $includes: (actual, of) =>
    Array.isArray(actual) && (of as unknown[]).every((each) => actual.some((one) => mismatch(each, one) === undefined)),
  $excludes: (actual, of) => Array.isArray(actual) && actual.every((one) => mismatch(of, one) !== undefined),
  $matches: (actual, of) => typeof actual === 'string' && new RegExp(String(of)).test(actual),
  $repeats: (actual, of) => {
    const found = Array.isArray(actual) ? actual.map((one) => at(one, String(of))) : [];
    return new Set(found).size < found.length;
  },
  $allSame: (actual, of) => {
    const found = Array.isArray(actual) ? actual.map((one) => at(one, String(of))) : [];
    return found.length > 0 && !isNothing(found[0]) && found.every((one) => isDeepStrictEqual(one, found[0]));
  },
};

/**
 * Returns where something differs from what was expected; undefined if it does not. Objects may have more fields than
 * expected, lists not more items. What is absent, empty or false is the same.
 */
export function mismatch(expected: Expected, actual: unknown, path = ''): string | undefined {
  if (typeof expected === 'string' && words[expected] !== undefined) {
    return words[expected](actual) ? undefined : differs(path, expected, actual);
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) {
      return expected.length === 0 && isNothing(actual) ? undefined : differs(path, expected, actual);
    }
    if (actual.length !== expected.length) return differs(`${path}.length`, expected, actual);
    return firstOf(expected.map((each, index) => mismatch(each, actual[index], `${path}[${index}]`)));
  }
  if (typeof expected === 'object' && expected !== null) return mismatchOfFields(expected as Fields, actual, path);
  if (isNothing(expected) && isNothing(actual)) return undefined;
  return Object.is(expected, actual) ? undefined : differs(path, expected, actual);
}

function mismatchOfFields(expected: Fields, actual: unknown, path: string): string | undefined {
  const [name = ''] = Object.keys(expected);
  if (forms[name] !== undefined) {
    return forms[name](actual, expected[name]) ? undefined : differs(path, expected, actual);
  }
  // The values of a caller are compared as they are: in them an absent field and a null are different.
  if (name === 'json' && Object.keys(expected).length === 1) {
    return isDeepStrictEqual(expected, actual) ? undefined : differs(path, expected, actual);
  }
  if (typeof actual !== 'object' || actual === null) return differs(path, expected, actual);
  return firstOf(
    Object.entries(expected).map(([field, each]) => mismatch(each, (actual as Fields)[field], `${path}.${field}`)),
  );
}

/** Returns what stands at a path such as `results[1].revision` or `request.key`; undefined if nothing does. */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split(/[.[\]]+/).filter((part) => part !== '')) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || isEmptyList(value);
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function firstOf(complaints: readonly (string | undefined)[]): string | undefined {
  return complaints.find((complaint) => complaint !== undefined);
}

function differs(path: string, expected: unknown, actual: unknown): string {
  const shown = (value: unknown): string => inspect(value, { depth: 8, breakLength: Number.POSITIVE_INFINITY });
  return `${path === '' ? 'the answer' : path.replace(/^\./, '')} is ${shown(actual).slice(0, SHOWN_MAX)}, expected ${shown(expected)}`;
}
