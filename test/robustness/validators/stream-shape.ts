import { status } from '@grpc/grpc-js';
import type { Received, Session } from '../history/history.ts';
import { Findings, type Validator } from './validator.ts';
import { messageWords, nameOf } from './words.ts';

/** A stream begins with Ready, perhaps after a Reset, ends with GoingAway, and every message has its token. */
export const streamShape: Validator = {
  name: 'StreamShape',
  promise:
    "The first response is Ready, or where the token can't be honoured Reset and then Ready; no other is. Every " +
    'response has a token. Nothing comes after GoingAway, and a server that ends a stream in good order has sent it.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      session.received.forEach((message, index) => {
        findings.check(isInPlace(session, message, index), () => {
          return `${nameOf(history, session)} received ${messageWords(session, message)} out of place`;
        });
      });
      findings.check(endsWell(session), () => {
        const how = `${status[session.endCode!]} ${session.endReason}`;
        const last = session.received.at(-1)?.kind ?? 'nothing';
        return `${nameOf(history, session)} ended with ${how} after ${last} and ${session.faults.join(', ') || 'no fault'}`;
      });
    }
    return findings.verdict();
  },
};

function isInPlace({ received, progressIntervalMs }: Session, message: Received, index: number): boolean {
  if (message.mark === undefined) return false;
  if (received[index - 1]?.kind === 'going-away') return false;
  if ((message.kind === 'ready') !== isPlaceOfReady(received, index)) return false;
  switch (message.kind) {
    case 'ready':
      return message.progressIntervalMs === progressIntervalMs;
    case 'events':
      return message.events.length > 0;
    case 'progress':
    case 'reset':
      return true;
    case 'going-away':
      return message.retryAfterMs >= 0;
  }
}

/** A Reset may stand before Ready, but never alone: only the end of the stream can come between them. */
function isPlaceOfReady(received: readonly Received[], index: number): boolean {
  return index === (received[0]?.kind === 'reset' ? 1 : 0);
}

/** Only what was done to it, or the server's farewell, ends a stream. */
function endsWell({ endCode, received, faults }: Session): boolean {
  if (endCode === undefined) return true;
  if (endCode === status.OK) return received.at(-1)?.kind === 'going-away';
  return faults.some((fault) => fault !== 'stall');
}
