import type { History, Session } from '../../history/history.ts';
import { bookmarkable } from '../../validators/bookmarkable.ts';
import { inOrder } from '../../validators/in-order.ts';
import { noSilentGap } from '../../validators/no-silent-gap.ts';
import { resumable } from '../../validators/resumable.ts';
import { Findings, type Validator, type Verdict } from '../../validators/validator.ts';
import { streamsOf, wasLost } from '../history/streams-of.ts';
import type { Truth } from '../history/truth.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** The promises of streams, judged partition by partition by the validators that judge a server alone. */
export const streamPromises: readonly FleetValidator[] = [
  { ...overPartitions(noSilentGap, tellsLosses), name: noSilentGap.name },
  overPartitions(resumable),
  overPartitions(bookmarkable),
  overPartitions(inOrder),
];

type Check = (history: History, findings: Findings, truth: Truth) => void;

function overPartitions({ name, promise, validate }: Validator, more: Check = () => {}): FleetValidator {
  return {
    name,
    promise,
    validate(truth) {
      const verdicts = historiesOf(truth).map((history) => {
        const findings = new Findings();
        more(history, findings, truth);
        return joined(validate(history), findings.verdict());
      });
      return verdicts.reduce(joined, { checked: 0, evidence: [] });
    },
  };
}

// Every validator wants the same histories.
const made = new WeakMap<Truth, readonly History[]>();

function historiesOf(truth: Truth): readonly History[] {
  const known = made.get(truth) ?? truth.history.partitions.map((partition) => streamsOf(truth, partition));
  made.set(truth, known);
  return known;
}

function joined(a: Verdict, b: Verdict): Verdict {
  return { checked: a.checked + b.checked, evidence: [...a.evidence, ...b.evidence] };
}

/** Who was told of a history that was lost, or of what only it had, must be told a Reset before anything of the next. */
function tellsLosses({ sessions }: History, findings: Findings, truth: Truth): void {
  for (const session of sessions) {
    const silent = silentlyMovedOn(session, (revision) => wasLost(truth, revision));
    findings.check(silent === undefined, () => `${session.subscriber} ${silent}`);
  }
}

function silentlyMovedOn({ received, resume }: Session, isLost: (revision: string) => boolean): string | undefined {
  let lost: string | undefined;
  let era = resume.kind === 'after' && resume.mark.epoch.startsWith('era') ? resume.mark.epoch : undefined;
  for (const [index, message] of received.entries()) {
    if (message.kind === 'reset') {
      lost = undefined;
      era = undefined;
    }
    const epoch = message.mark?.epoch;
    if (epoch?.startsWith('era')) {
      if (era !== undefined && era !== epoch)
        return `was led from ${era} to ${epoch} by message ${index} without a Reset`;
      if (lost !== undefined) return `was told ${lost}, which was lost, and then message ${index} without a Reset`;
      era = epoch;
    }
    if (message.kind === 'events') lost = message.events.find(({ revision }) => isLost(revision))?.revision ?? lost;
  }
  return undefined;
}
