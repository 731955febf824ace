import type { History, Received, Session, Stall } from '../history/history.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf } from './words.ts';

/**
 * Events that may wait for a caller who does not read: in the server's queue, and on the way to him. What the log keeps
 * may come on top where more happened at once than a message holds; no workload does that to one who stalls.
 */
const WAITING_EVENTS_MAX = 4096 + 4096;

/** Who reads slowly is told so, nobody else is, nobody waits for him, and who has left is forgotten. */
export const bounded: Validator = {
  name: 'Bounded',
  promise:
    'Every queue, table, message, batch, stream and retry has a limit with a name; at the limit there is a typed error ' +
    'or a Reset, never unbounded memory. Writers never wait for subscribers.',
  validate(history) {
    const findings = new Findings();
    findings.check(history.streamsLeft === 0, () => `the server still holds ${history.streamsLeft} streams that ended`);
    for (const session of history.sessions) {
      for (const message of session.received) {
        if (message.kind !== 'reset' || message.reason !== 'SLOW') continue;
        findings.check(session.stalls.length > 0, () => {
          return `${nameOf(history, session)} read all the time and received ${messageWords(session, message)}`;
        });
      }
      for (const stall of session.stalls) checkStall(history, session, stall, findings);
    }
    return findings.verdict();
  },
};

function checkStall(history: History, session: Session, stall: Stall, findings: Findings): void {
  const waited = session.received.slice(stall.afterMessages).filter((message) => isFromStall(message, stall));
  const events = waited.reduce((sum, message) => sum + (message.kind === 'events' ? message.events.length : 0), 0);
  findings.check(events <= WAITING_EVENTS_MAX, () => {
    const long = `from change ${stall.from} to ${stall.to}`;
    return `${nameOf(history, session)} did not read ${long}, and ${events} events waited for it`;
  });
}

function isFromStall({ mark }: Received, { from, to }: Stall): boolean {
  return mark !== undefined && mark.at > from && mark.at <= to;
}
