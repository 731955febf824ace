import type { Received, Session } from '../history/history.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf, wordsOf } from './words.ts';

/** Events come in the order of their changes, each once, and tokens never go back. */
export const inOrder: Validator = {
  name: 'InOrder',
  promise: 'Changes come in the order in which they happened in their partition, each once, and tokens never go back.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      let newest = 0;
      let told = 0;
      for (const message of session.received) {
        for (const event of message.kind === 'events' ? message.events : []) {
          if (event.order === undefined) continue;
          const before = newest;
          findings.check(event.order > before, () => {
            return `${nameOf(history, session)} received ${wordsOf(event)} after change ${before}`;
          });
          newest = Math.max(newest, event.order);
        }
        const before = told;
        findings.check(tokenOf(session, message) >= before, () => {
          return `${nameOf(history, session)} received ${messageWords(session, message)} after a token of ${before}`;
        });
        checkReach(message, before, findings, () => nameOf(history, session));
        told = Math.max(told, message.mark?.at ?? 0);
      }
    }
    return findings.verdict();
  },
};

function tokenOf(session: Session, { mark }: Received): number {
  if (mark === undefined) return Number.POSITIVE_INFINITY;
  return mark.namespaceId === session.namespaceId ? mark.at : -1;
}

/** A token includes the events it comes with, unless it says nothing new: then it repeats the token before. */
function checkReach(message: Received, before: number, findings: Findings, who: () => string): void {
  if (message.kind !== 'events' || message.mark === undefined) return;
  const { at } = message.mark;
  const newest = message.events.at(-1)?.order ?? 0;
  findings.check(at >= newest || at === before, () => `${who()} received change ${newest} with a token of ${at}`);
}
