import type { Operation, Reading } from './operation.ts';
import type { Effect } from './truth.ts';

/** Tells a time in whole milliseconds. */
export function ms(timeMs: number): string {
  return `${Math.round(timeMs)}`;
}

/** Tells a call in a few words. */
export function operationWords(operation: Operation): string {
  const { invokedMs, endedMs, node, tries, outcome } = operation;
  const how = outcome.kind === 'applied' ? 'acknowledged' : `${outcome.kind} (${outcome.why})`;
  return `${whatWords(operation)} by node ${node}, sent ${ms(invokedMs)}, ${how} ${ms(endedMs)}, ${tries} tries`;
}

function whatWords(operation: Operation): string {
  switch (operation.kind) {
    case 'set': {
      const { key, text, tags, origin, begunMs } = operation;
      const fill = origin === 'plain' ? '' : `, ${origin} of ${ms(begunMs)}`;
      return `Set ${key} = ${text} [${tags.join(' ')}]${fill}`;
    }
    case 'increment':
      return `Increment ${operation.key} by ${operation.delta} to ${operation.sum ?? '?'}`;
    case 'delete':
    case 'touch':
      return `${operation.kind} ${operation.key}`;
    case 'invalidate':
      return `${operation.mode} ${JSON.stringify(operation.selectors)}`;
  }
}

/** Tells an effect in a few words. */
export function effectWords({ change, point, operation, seenMs }: Effect): string {
  const at = `${change.position.epoch}-${change.position.number} of partition ${change.partition}`;
  const lost = point.lostMs === undefined ? '' : `, lost ${ms(point.lostMs)}`;
  return `${operation === undefined ? change.kind : operationWords(operation)}, as ${at}, seen ${ms(seenMs)}${lost}`;
}

/** Tells a read in a few words. */
export function readingWords(reading: Reading): string {
  const { key, node, consistency, sentMs, answeredMs, outcome } = reading;
  const what =
    outcome.kind === 'hit' ? `${outcome.text}${outcome.stale ? ' (stale)' : ''} as ${outcome.revision}` : outcome.kind;
  return `Get ${key} (${consistency}) of node ${node}, sent ${ms(sentMs)}, answered ${ms(answeredMs)}: ${what}`;
}
