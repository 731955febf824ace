import type { Clock } from '../base/clock.ts';
import { OperatingError } from '../base/operating-error.ts';
import { type Check, type Finding, severities } from './check.ts';

/** A finding, and which check made it. */
export interface CheckedFinding extends Finding {
  readonly check: string;
}

/** What was looked at, and what needs attention. */
export interface Diagnosis {
  /** Names of all checks that were made. */
  readonly checks: readonly string[];
  /** The gravest first; those of one check stay together. */
  readonly findings: readonly CheckedFinding[];
}

/** Milliseconds that a check may take: the answer must come within the deadline of a call that sets none. */
const CHECK_MS_MAX = 3000;

/**
 * Makes all checks at the same time. One that can't be made, or takes more than 3 s, is a finding itself: the others
 * still tell.
 */
export async function examine(checks: readonly Check[], clock: Clock): Promise<Diagnosis> {
  const looks = await Promise.all(checks.map((check) => lookInTime(check, clock)));
  const findings = severities.flatMap((severity) => looks.flat().filter((finding) => finding.severity === severity));
  return { checks: checks.map(({ name }) => name), findings };
}

function lookInTime(check: Check, clock: Clock): Promise<readonly CheckedFinding[]> {
  const { promise, resolve, reject } = Promise.withResolvers<readonly CheckedFinding[]>();
  const timer = clock.startTimer(CHECK_MS_MAX, () =>
    resolve([notMade(check, `no answer in ${CHECK_MS_MAX / 1000} s`)]),
  );
  lookBy(check)
    .then(resolve, reject)
    .finally(() => timer.stop());
  return promise;
}

async function lookBy(check: Check): Promise<readonly CheckedFinding[]> {
  try {
    const findings = await check.look();
    return findings.map((finding) => ({ check: check.name, ...finding }));
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    return [notMade(check, error.message)];
  }
}

function notMade({ name }: Check, why: string): CheckedFinding {
  const what = `this could not be looked at: ${why}`;
  return { check: name, severity: 'error', what, whatToDo: 'Mend what the other findings say, and ask again.' };
}
