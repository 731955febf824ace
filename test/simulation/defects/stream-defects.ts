import { drops, mayKeep, type NearChange } from '../../../clients/typescript/src/near/near-rule.ts';
import { type HeadAnswer, type HeadQuestion, Proof } from '../../../clients/typescript/src/near/proof.ts';
import { resumeStep } from '../../../src/cache/rules/resume.ts';
import type { Defect } from './defect.ts';

/** The rule as it was first written down: the newest change decides, of whatever kind it is. */
function newestDecides(entry: Parameters<typeof mayKeep>[0], told: Iterable<NearChange>): boolean {
  const newest = [...told].findLast((change) => drops(change, entry) || isOwn(entry, change));
  return newest === undefined || isOwn(entry, newest);
}

function isOwn(entry: Parameters<typeof mayKeep>[0], change: NearChange): boolean {
  return change.kind === 'set' && change.revision === entry.revision;
}

/** Counts from when an answer arrives, not from when it was asked for. */
class ArrivalProof extends Proof {
  override answered(question: HeadQuestion, answer: HeadAnswer, nowMs: number): boolean {
    return super.answered({ ...question, sentMs: nowMs }, { ...answer, ageMs: 0 }, nowMs);
  }
}

/** Proves by each covering answer what that answer tells, though the stream was only seen to reach the head before it. */
class HastyProof extends Proof {
  override answered(question: HeadQuestion, answer: HeadAnswer, nowMs: number): boolean {
    const earlier = question.earlier && { ...question.earlier, upToMs: question.sentMs - answer.ageMs };
    return super.answered({ ...question, earlier }, answer, nowMs);
  }
}

class NoProof extends Proof {
  override holds(): boolean {
    return true;
  }
}

/** What streams and near caches decide. */
export const streamDefects: readonly Defect[] = [
  {
    what: 'a stream goes on after a lost change as if it had happened',
    rules: {
      resumeStep: (view, at) => {
        const step = resumeStep(view, at);
        return step.kind === 'reset' ? { kind: 'after', number: Math.min(at.number, view.applied) } : step;
      },
    },
    breaks: ['NoSilentGap', 'Resumable', 'Bookmarkable'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a node that lags behind a token sends what it has',
    rules: {
      resumeStep: (view, at) => {
        const step = resumeStep(view, at);
        return step.kind === 'wait' ? { kind: 'after', number: view.floor } : step;
      },
    },
    breaks: ['NoSilentGap', 'Resumable', 'Bookmarkable'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a stream is resumed where the node is',
    rules: { resumePoint: (_token, now) => now },
    breaks: ['NoSilentGap', 'Resumable', 'Bookmarkable'],
    shape: 'spread 1',
    seedsMax: 120,
  },
  {
    what: 'a near cache keeps every Hit',
    rules: { mayKeep: () => true },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { invalidationRate: 0.12, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a near cache keeps a Hit if the newest change is the SET that made it, whatever came before',
    rules: { mayKeep: newestDecides, mayKeepOwn: newestDecides },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 0.5, keyShare: 0, invalidationRate: 0.12, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 300,
  },
  {
    what: 'a near cache keeps its own write as soon as it is acknowledged',
    rules: { mayKeepOwn: mayKeep },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, invalidationRate: 0.02, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a near cache ignores a new epoch',
    rules: { drops: (change, entry) => change.kind !== 'epoch' && drops(change, entry) },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, ttlMsMax: 1500, nearRate: 0.9, invalidationRate: 0.01, replicationRate: 0.03 },
    seedsMax: 300,
  },
  {
    what: 'a near cache reads without its stream’s token',
    rules: { nearReadToken: () => [] },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 2, ttlMsMax: 1500, nearRate: 0.9, invalidationRate: 0.12 },
    seedsMax: 300,
  },
  {
    what: 'a near cache takes every head for told',
    rules: { coversMoment: () => true },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a near cache takes a head for as fresh as its arrival',
    rules: { newProof: (maxLagMs) => new ArrivalProof(maxLagMs) },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a near cache takes the newest head for told by an answer that covers an older one',
    rules: { newProof: (maxLagMs) => new HastyProof(maxLagMs) },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
  {
    what: 'a near cache serves without a proof',
    rules: { newProof: (maxLagMs) => new NoProof(maxLagMs) },
    breaks: ['NearCoherence'],
    shape: 'spread 1',
    tempered: { faultRate: 4, nearRate: 0.9, ttlMsMax: 1500 },
    seedsMax: 120,
  },
];
