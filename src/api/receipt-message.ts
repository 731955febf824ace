import type { ReceiptGoal, NodeState as State } from '../cache/rules/receipt.ts';
import { NodeState, type Receipt, WaitFor } from '../gen/reprise/v1/invalidation_service.ts';
import type { NodeReceipt } from '../store/receipt.ts';
import { durationOf } from './durations.ts';
import { invalid } from './request-fields.ts';

const states: Readonly<Record<State, NodeState>> = {
  applied: NodeState.APPLIED,
  streamed: NodeState.STREAMED,
  silent: NodeState.SILENT,
  behind: NodeState.BEHIND,
};

/** Returns how far an invalidation must come before the answer; `undefined` if its own is enough. */
export function goalField(wait: WaitFor): ReceiptGoal | undefined {
  switch (wait) {
    case WaitFor.UNSPECIFIED:
    case WaitFor.ACCEPTED:
      return undefined;
    case WaitFor.NODES:
      return 'applied';
    case WaitFor.STREAMS:
      return 'streamed';
    default:
      throw invalid('FIELD_REQUIRED', 'wait', 'wait must be ACCEPTED, NODES or STREAMS.', { field: 'wait' });
  }
}

/** Returns the message of a receipt. */
export function receiptMessage(nodes: readonly NodeReceipt[] | undefined): Receipt | undefined {
  if (nodes === undefined) return undefined;
  return {
    nodes: nodes.map(({ name, state, silentMs }) => ({
      node: name,
      state: states[state],
      silentFor: name === '' ? undefined : durationOf(silentMs),
    })),
  };
}
