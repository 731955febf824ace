import { Findings, type Validator } from './validator.ts';

/** The token of an answer stands for the change that the call made, so that a stream can go on after it. */
export const tokenOfTheChange: Validator = {
  name: 'TokenOfTheChange',
  promise:
    'The token of an answer is the token of the change: a read that carries it sees the change, a stream goes on after it.',
  validate(history) {
    const findings = new Findings();
    const newest = new Map(history.changes.map(({ traceparent, order }) => [traceparent, order]));
    for (const { traceparent, mark, answeredAt, cause, namespaceId } of history.mutations) {
      if (answeredAt === undefined) continue;
      const order = newest.get(traceparent);
      const kept = mark?.namespaceId === namespaceId && mark.at === order;
      findings.check(kept, () => `a call of cause ${cause} made change ${order} and was answered with ${mark?.at}`);
    }
    return findings.verdict();
  },
};
