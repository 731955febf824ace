import { isDeepStrictEqual } from 'node:util';
import type { History, Received, Session } from '../history/history.ts';
import { mustHear } from './missing.ts';
import { beginsWithReset, canGoOn } from './resume.ts';
import { Findings, type Validator } from './validator.ts';
import { nameOf } from './words.ts';

/**
 * A stream begins after its token if that can be used, with a Reset if not, and else with the next change. Also one that
 * broke at once: whoever keeps Ready's token must have heard of the Reset.
 */
export const beginsRight: Validator = {
  name: 'BeginsRight',
  promise:
    'Every matching change after the token of Ready will be sent. An empty resume token begins with the next change; ' +
    'one that was not made here, belongs to another namespace or to a history that has ended, with a Reset before ' +
    'Ready, both of the same moment.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      const [first] = session.received;
      if (first?.mark === undefined) continue;
      const fault = faultOf(history, session, first);
      findings.check(fault === undefined, () => `${nameOf(history, session)} ${fault}`);
    }
    return findings.verdict();
  },
};

function faultOf(history: History, session: Session, first: Received): string | undefined {
  const { resume, openedAt } = session;
  const at = first.mark!.at;
  if (resume.kind === 'none') {
    if (at < openedAt) return `was opened at ${openedAt} without a token and begins after ${at}`;
    return beginsWithReset(session) ? 'has no token and begins with a Reset' : undefined;
  }
  if (resume.kind !== 'after' || !canGoOn(session)) return unusableFault(session);
  // Only the server's own past can be too short for a good token, and that is found out after Ready.
  if (beginsWithReset(session)) return 'has a token that can be used and begins with a Reset';
  const skipped = mustHear(history, session, resume.mark.at, at).length;
  if (skipped > 0) return `resumed after ${resume.mark.at} is ready after ${at}, ${skipped} changes later`;
  return at < resume.mark.at ? `resumed after ${resume.mark.at} is ready after ${at}` : undefined;
}

function unusableFault({ received }: Session): string | undefined {
  const [first, second] = received;
  if (first?.kind !== 'reset') return 'has a token that can not be used and begins without a Reset';
  if (first.reason !== 'TOKEN_UNUSABLE') return `has a token that can not be used and is told ${first.reason}`;
  if (second?.kind !== 'ready' || isDeepStrictEqual(first.mark, second.mark)) return undefined;
  return `is told a Reset up to ${first.mark?.at} and is ready after ${second.mark?.at}`;
}
