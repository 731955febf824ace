import { mustHear, untold } from './missing.ts';
import { stretchesOf } from './stretches.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf, wordsOf } from './words.ts';

/** Between two tokens nothing is missing that a Reset does not own up to. */
export const noSilentGap: Validator = {
  name: 'NoSilentGap',
  promise:
    'Between two positions a subscriber was given, it received every matching change of each partition in order, or ' +
    'a newer change of the same key, tag, prefix or namespace, or an explicit Reset.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      for (const { from, to, message, events } of stretchesOf(session)) {
        if (message.kind === 'reset') continue;
        const due = mustHear(history, session, from, to);
        const missing = new Set(untold(due, events));
        for (const change of due) {
          findings.check(!missing.has(change), () => {
            const where = `after the token of ${from}, before that of ${messageWords(session, message)}`;
            return `${nameOf(history, session)} did not receive ${wordsOf(change)} ${where}`;
          });
        }
      }
    }
    return findings.verdict();
  },
};
