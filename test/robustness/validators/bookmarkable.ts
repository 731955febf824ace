import type { Received } from '../history/history.ts';
import { eventsOf } from './stretches.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf, wordsOf } from './words.ts';

/** Nothing comes after a token that the token says was sent before. */
export const bookmarkable: Validator = {
  name: 'Bookmarkable',
  promise: 'Progress{token} means that all matching changes up to the token were sent before it.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      const late = new Map<number, Received>();
      let token: Received | undefined;
      for (const message of session.received) {
        for (const { order } of message.kind === 'events' ? message.events : []) {
          if (order !== undefined && token?.mark !== undefined && order <= token.mark.at) late.set(order, token);
        }
        if (message.mark !== undefined && message.mark.at >= (token?.mark?.at ?? 0)) token = message;
      }
      for (const event of eventsOf(session)) {
        const overtaking = event.order === undefined ? undefined : late.get(event.order);
        findings.check(overtaking === undefined, () => {
          const before = messageWords(session, overtaking!);
          return `${nameOf(history, session)} received ${before} before ${wordsOf(event)}`;
        });
      }
    }
    return findings.verdict();
  },
};
