import type { CallCounts } from '../../support/retrying-caller.ts';
import type { Changer } from './changer.ts';
import type { ChangesResult } from './run-changes.ts';
import { wrongValues } from './wrong-values.ts';

/** The least share of tries that must fail, so that a run says something. */
const FAILED_SHARE_MIN = 0.05;

/** The figures of a run. */
export interface ChangesFigures {
  /** Changes that callers were told are made; and of those, after an unknown outcome. */
  readonly made: number;
  readonly resolved: number;
  /** Changes that Redis has. */
  readonly applied: number;
  /** Changes that Redis has beyond those that callers know of: made twice, or made and denied. */
  readonly doubled: number;
  /** Tries that failed, of all; and of those, the ones with an unknown outcome. */
  readonly failed: number;
  readonly unknown: number;
  readonly tries: number;
}

/** Adds up a run. */
export function figuresOf({ changers, applied }: ChangesResult): ChangesFigures {
  const made = sum(changers, (changer) => changer.made);
  const unknown = sumCounts(changers, (counts) => counts.unknown);
  const failed = unknown + sumCounts(changers, ({ unavailable, cut }) => unavailable + cut);
  const answered = sumCounts(changers, (counts) => counts.answered);
  const resolved = sumCounts(changers, (counts) => counts.resolved);
  return { made, resolved, applied, doubled: applied - made, failed, unknown, tries: answered + failed };
}

/** Returns where a run broke OnceOnly, in words; nothing if every change was made once. */
export function complaintsOf(result: ChangesResult): string[] {
  const { made, applied, failed, tries, resolved } = figuresOf(result);
  const refused = sum(result.changers, (changer) => changer.refused);
  return [
    ...(applied === made ? [] : [`${applied} changes were applied, callers know of ${made}`]),
    ...(refused === 0 ? [] : [`${refused} Sets were refused although their condition held`]),
    ...(failed < FAILED_SHARE_MIN * tries ? [`only ${failed} of ${tries} tries failed`] : []),
    ...(resolved === 0 ? ['no outcome was unknown'] : []),
    ...wrongValues(result.changers, result.values),
  ];
}

/** Returns the run in one line. */
export function lineOf(result: ChangesResult): string {
  const { made, resolved, applied, doubled, failed, unknown, tries } = figuresOf(result);
  const { requestIds, lost, seconds } = result;
  const failedPercent = ((100 * failed) / tries).toFixed(1);
  return (
    `${requestIds} request id: ${tries} tries, ${failed} failed (${failedPercent} %), ${unknown} of them with an unknown outcome, ${lost} answers of Redis lost; ` +
    `${made} changes acknowledged, ${resolved} of them after an unknown outcome; ${applied} applied, ` +
    `${doubled} more than known; ${seconds.toFixed(0)} s`
  );
}

function sum(changers: readonly Changer[], figure: (changer: Changer) => number): number {
  return changers.reduce((total, changer) => total + figure(changer), 0);
}

function sumCounts(changers: readonly Changer[], figure: (counts: CallCounts) => number): number {
  return sum(changers, ({ caller }) => figure(caller.counts));
}
