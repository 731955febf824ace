import { status } from '@grpc/grpc-js';
import type { History, Session, Told } from '../history/history.ts';
import { mustHear, untold } from './missing.ts';
import { beginsWithReset, canGoOn } from './resume.ts';
import { eventsOf, type Stretch, stretchesOf } from './stretches.ts';
import { Findings, type Validator } from './validator.ts';
import { nameOf, wordsOf } from './words.ts';

/** A resumed stream tells all that happened since its token, and nothing from before it. */
export const resumable: Validator = {
  name: 'Resumable',
  promise:
    'A stream resumed with its last token, on any node, continues after it or begins with Reset. It never fails for a ' +
    "token's sake. A node that lags behind the token waits; it never sends older changes.",
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      if (session.resume.kind === 'none') continue;
      checkEnd(history, session, findings);
      if (canGoOn(session) && !beginsWithReset(session)) checkReplay(history, session, findings);
    }
    return findings.verdict();
  },
};

const FAULTS_OF_REQUESTS: readonly number[] = [
  status.INVALID_ARGUMENT,
  status.FAILED_PRECONDITION,
  status.OUT_OF_RANGE,
  status.NOT_FOUND,
  status.INTERNAL,
  status.UNKNOWN,
  status.DATA_LOSS,
];

function checkEnd(history: History, session: Session, findings: Findings): void {
  const { endCode = status.OK, endReason, faults } = session;
  const ofRequest = FAULTS_OF_REQUESTS.includes(endCode) && !faults.includes('cut');
  const how = `${status[endCode]} ${endReason}`;
  findings.check(!ofRequest, () => `${nameOf(history, session)} failed with ${how} after a resume`);
}

function checkReplay(history: History, session: Session, findings: Findings): void {
  if (session.resume.kind !== 'after') return;
  const after = session.resume.mark.at;
  const say = (what: string, told: Told): string =>
    `${nameOf(history, session)} resumed after ${after} ${what} ${wordsOf(told)}`;
  for (const event of eventsOf(session)) {
    const isOlder = event.order !== undefined && event.order <= after;
    findings.check(!isOlder, () => say('received', event));
  }
  for (const { from, to, events } of replayOf(session, after)) {
    // What happened before the stream was opened can only come from the past that the server keeps.
    const due = mustHear(history, session, from, Math.min(to, session.openedAt));
    const skipped = new Set(untold(due, events));
    for (const change of due) findings.check(!skipped.has(change), () => say('skipped', change));
  }
}

/** The stretches up to the first Reset, from the token that was given on. */
function replayOf(session: Session, after: number): Pick<Stretch, 'from' | 'to' | 'events'>[] {
  const stretches = stretchesOf(session);
  const reset = stretches.findIndex(({ message }) => message.kind === 'reset');
  const beforeReady = { from: after, to: session.received[0]!.mark?.at ?? after, events: [] };
  return [beforeReady, ...(reset === -1 ? stretches : stretches.slice(0, reset))];
}
