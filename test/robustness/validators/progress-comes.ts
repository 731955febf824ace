import type { Session } from '../history/history.ts';
import { Findings, type Validator } from './validator.ts';
import { nameOf } from './words.ts';

/** Milliseconds by which a busy machine may be late. A bound, not a measure. */
const LATE_MS_MAX = 5000;

/** A subscriber who reads never goes without a token for longer than it asked for. */
export const progressComes: Validator = {
  name: 'ProgressComes',
  promise: 'The progress interval is the longest time between two tokens when nothing happens.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      if (session.stalls.length > 0) continue;
      const boundMs = session.progressIntervalMs + LATE_MS_MAX;
      tokenGapsMs(session).forEach((gapMs, index) => {
        findings.check(gapMs <= boundMs, () => {
          return `${nameOf(history, session)} waited ${Math.round(gapMs)} ms for token ${index + 1}, not ${boundMs} ms`;
        });
      });
    }
    return findings.verdict();
  },
};

function tokenGapsMs({ received }: Session): number[] {
  const timesMs = received.filter(({ mark }) => mark !== undefined).map(({ heardMs }) => heardMs);
  return timesMs.slice(1).map((heardMs, index) => heardMs - timesMs[index]!);
}
