import type { Selector } from '../../../../src/cache/rules/selector.ts';
import { Findings } from '../../validators/validator.ts';
import type { Point } from '../history/lineage.ts';
import type { InvalidateOperation } from '../history/operation.ts';
import { type Effect, stands, type Truth } from '../history/truth.ts';
import { ms, operationWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** What was acknowledged is in the log at the end, unless the store was emptied or its node died too. */
export const acceptedIsKept: FleetValidator = {
  name: 'Accepted-is-kept',
  promise:
    'An acknowledged invalidation survives the loss of any node, or of a Redis primary with its unreplicated tail ' +
    '(nodes re-issue what the fork lost); not of node and primary at once, which is said.',
  validate(truth) {
    const findings = new Findings();
    if (!truth.history.logIsWhole) return findings.verdict();
    const kept = Map.groupBy(truth.effects.filter(stands), nameOfEffect);
    for (const operation of truth.history.operations) {
      if (operation.kind !== 'invalidate' || operation.outcome.kind !== 'applied') continue;
      const points = operation.outcome.token.flatMap((placed) => truth.pointOf(placed) ?? []);
      const lost = points.find((point) => point.lostMs !== undefined);
      if (lost !== undefined && !isOwed(truth, operation, points)) continue;
      const missing = operation.selectors.find((selector) => {
        return !kept.get(nameOf(operation.mode, selector))?.some((effect) => standsFor(effect, operation));
      });
      findings.check(missing === undefined, () => {
        const when = lost === undefined ? 'is not in the log' : `was lost ${ms(lost.lostMs!)} and not made again`;
        return `${operationWords(operation)} ${when}: ${JSON.stringify(missing)}`;
      });
    }
    return findings.verdict();
  },
};

/** Lost by a failover that its node has lived through, and by nothing worse. */
function isOwed(truth: Truth, { node, invokedMs }: InvalidateOperation, points: readonly Point[]): boolean {
  if (points.some(({ partition, era }) => truth.lineages.get(partition)!.eras - 1 !== era)) return false;
  return !truth.history.faults.some((fault) => fault.killed && fault.node === node && fault.toMs >= invokedMs);
}

/** A node makes again the newest of what it acknowledged under one name: that stands for those before. */
function standsFor({ operation: kept }: Effect, operation: InvalidateOperation): boolean {
  if (kept === operation) return true;
  return kept?.node === operation.node && kept.invokedMs >= operation.invokedMs && kept.outcome.kind === 'applied';
}

function nameOfEffect({ change }: Effect): string | undefined {
  if (change.kind === 'invalidate') return nameOf(change.mode, change.selector);
  return change.kind === 'delete' ? nameOf('remove', { kind: 'key', key: change.key }) : undefined;
}

function nameOf(mode: string, selector: Selector): string {
  return `${mode} ${JSON.stringify(selector)}`;
}
