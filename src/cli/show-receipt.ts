import { NodeState, type Receipt, WaitFor } from '../gen/reprise/v1/invalidation_service.ts';
import { enumName } from './enum-name.ts';
import { formatSpan } from './format-figures.ts';
import { spanMs } from './lifetime.ts';
import { tableText } from './print-table.ts';

/** What `--wait` may say, and what it asks for. */
export const waits = { accepted: WaitFor.ACCEPTED, nodes: WaitFor.NODES, streams: WaitFor.STREAMS } as const;

/** Returns a receipt as a table, one line a node. */
export function receiptText({ nodes }: Receipt): string {
  const rows = nodes.map(({ node, state, silentFor }) => [
    node === '' ? '(not heard of yet)' : node,
    enumName(NodeState, state),
    silentFor === undefined ? '' : formatSpan(spanMs(silentFor)),
  ]);
  return tableText([['NODE', 'STATE', 'SILENT FOR'], ...rows]);
}

/** Returns a receipt for JSON. */
export function receiptJson({ nodes }: Receipt): readonly Record<string, unknown>[] {
  return nodes.map(({ node, state, silentFor }) => ({
    node,
    state: enumName(NodeState, state),
    ...(silentFor === undefined ? {} : { silentForMs: spanMs(silentFor) }),
  }));
}

/** Tells whether some node had not come so far when the time was over. */
export function isLate({ nodes }: Receipt, wait: WaitFor): boolean {
  const settled = wait === WaitFor.STREAMS ? NodeState.STREAMED : NodeState.APPLIED;
  return nodes.some(({ state }) => state !== settled && state !== NodeState.SILENT);
}
