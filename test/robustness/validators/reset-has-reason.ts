import type { History, Received, Session } from '../history/history.ts';
import { canGoOn } from './resume.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf } from './words.ts';

/** A Reset is sent only for the reason that it names: a server that resets whenever it likes is of no use. */
export const resetHasReason: Validator = {
  name: 'ResetHasReason',
  promise:
    'SLOW: the caller read too slowly. HISTORY_GONE: the server no longer has the changes after the token. ' +
    'TOKEN_UNUSABLE: the token was not made here, belongs to another namespace, or to a history that has ended.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      session.received.forEach((message, index) => {
        if (message.kind !== 'reset') return;
        findings.check(hasReason(history, session, index), () => {
          return `${nameOf(history, session)} received ${message.reason}, ${messageWords(session, message)}, for no reason`;
        });
      });
    }
    return findings.verdict();
  },
};

function hasReason({ retainedChanges }: History, session: Session, index: number): boolean {
  const message = session.received[index]!;
  if (message.kind !== 'reset') return true;
  switch (message.reason) {
    case 'SLOW':
      return session.stalls.length > 0;
    case 'HISTORY_GONE':
      return message.heardAt - lastTold(session, index) > retainedChanges;
    case 'TOKEN_UNUSABLE':
      return index === 0 && session.resume.kind !== 'none' && !canGoOn(session);
    case 'UNSPECIFIED':
      return false;
  }
}

/** What the newest token before a message said. */
function lastTold({ received }: Session, index: number): number {
  const before = received.slice(0, index).findLast((message: Received) => message.mark !== undefined);
  return before?.mark?.at ?? 0;
}
