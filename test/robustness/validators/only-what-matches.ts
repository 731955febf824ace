import { matchOf } from './matching.ts';
import { eventsOf } from './stretches.ts';
import { Findings, type Validator } from './validator.ts';
import { nameOf, wordsOf } from './words.ts';

/** Every event is of the namespace and matches the filter that was asked for. */
export const onlyWhatMatches: Validator = {
  name: 'OnlyWhatMatches',
  promise:
    'With no prefix, tag and key all changes match, otherwise those that match any of them. Changes that were made with ' +
    'the same origin are left out unless include_own.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      for (const event of eventsOf(session)) {
        const change = event.order === undefined ? undefined : history.changes[event.order - 1];
        const ours = change?.namespaceId === session.namespaceId;
        findings.check(change !== undefined && ours && matchOf(change, session.filter) !== 'no', () => {
          const asked = `which asked for ${JSON.stringify(session.filter)}`;
          return `${nameOf(history, session)}, ${asked}, received ${wordsOf(event)}`;
        });
      }
    }
    return findings.verdict();
  },
};
