import { Findings } from '../../validators/validator.ts';
import type { Truth } from '../history/truth.ts';
import { effectWords, operationWords, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** A revision is the name of one change: in the log, in answers to who made it, and in all that was read. */
export const revisionUnique: FleetValidator = {
  name: 'RevisionUnique',
  promise:
    'A revision names one change, for ever. When the store may have lost acknowledged changes, the epoch changes, and ' +
    'everyone who saw more is told.',
  validate(truth) {
    const findings = new Findings();
    checkLog(truth, findings);
    checkAnswers(truth, findings);
    checkReadings(truth, findings);
    return findings.verdict();
  },
};

function checkLog({ effects }: Truth, findings: Findings): void {
  const named = new Map<string, (typeof effects)[number]>();
  for (const effect of effects) {
    const { epoch, number } = effect.change.position;
    const other = named.get(`${epoch}-${number}`);
    findings.check(other === undefined, () => `${effectWords(effect)} has the name of ${effectWords(other!)}`);
    named.set(`${epoch}-${number}`, effect);
  }
}

function checkAnswers({ history }: Truth, findings: Findings): void {
  const named = new Map<string, (typeof history.operations)[number]>();
  for (const operation of history.operations) {
    const { outcome } = operation;
    if (outcome.kind !== 'applied' || outcome.revision === '') continue;
    const other = named.get(outcome.revision);
    findings.check(other === undefined, () => {
      return `${operationWords(operation)} was answered with the revision of ${operationWords(other!)}: ${outcome.revision}`;
    });
    named.set(outcome.revision, operation);
  }
}

function checkReadings(truth: Truth, findings: Findings): void {
  const textOf = new Map<string, string>();
  for (const reading of truth.history.readings) {
    if (reading.outcome.kind !== 'hit') continue;
    const { revision, text } = reading.outcome;
    const other = textOf.get(revision) ?? text;
    findings.check(other === text, () => `${readingWords(reading)}, which was ${other} before`);
    textOf.set(revision, text);
    const written = truth.setOf(text);
    if (written === undefined) continue;
    findings.check(written.key === reading.key, () => `${readingWords(reading)}, which is of ${written.key}`);
  }
}
