import { isDeepStrictEqual } from 'node:util';
import type { LoggedChange, ReceivedEvent } from '../history/history.ts';
import { eventsOf } from './stretches.ts';
import { Findings, type Validator } from './validator.ts';
import { nameOf } from './words.ts';

/** Every event names a change that happened, and tells it as it was. */
export const tellsTheChange: Validator = {
  name: 'TellsTheChange',
  promise: 'An event tells what changed, what happened to it, the revision that names the change, and who made it.',
  validate(history) {
    const findings = new Findings();
    for (const session of history.sessions) {
      for (const event of eventsOf(session)) {
        const change = event.order === undefined ? undefined : history.changes[event.order - 1];
        findings.check(change !== undefined && agree(event, change), () => {
          const truth = change === undefined ? 'which never happened' : `which was ${JSON.stringify(change)}`;
          return `${nameOf(history, session)} received ${JSON.stringify(event)}, ${truth}`;
        });
      }
    }
    return findings.verdict();
  },
};

function agree(event: ReceivedEvent, change: LoggedChange): boolean {
  if (event.actor !== 'anonymous' || event.traceparent !== change.traceparent) return false;
  const same = event.cause === change.cause && event.mode === change.mode && event.revision === change.revision;
  return same && isDeepStrictEqual(event.target, change.target);
}
