import assert from 'node:assert/strict';
import { type ServiceError, status } from '@grpc/grpc-js';
import { systemClock } from '../../src/base/clock.ts';
import {
  type InvalidateRequest,
  InvalidationMode,
  InvalidationServiceService,
  NodeState,
  WaitFor,
} from '../../src/gen/reprise/v1/invalidation_service.ts';
import { msOf, only, resultOf, type Selecting, selectorOf } from './cache-calls.ts';
import type { TestServer } from './test-server.ts';

/** How far a node had come, and for how long it had been silent. */
export interface NodeStanding {
  readonly state: keyof typeof NodeState;
  /** Milliseconds; absent for nodes that nobody has heard of. */
  readonly silentMs: number | undefined;
}

/** A receipt by the names of the nodes. */
export type Standings = Readonly<Record<string, NodeStanding>>;

/** How far an invalidation must come, and in what time. */
export interface ReceiptWish extends Partial<Omit<InvalidateRequest, 'wait' | 'selector'>> {
  readonly wait: 'NODES' | 'STREAMS';
  /** Milliseconds. Default: 30 000. */
  readonly deadlineMs?: number;
}

/**
 * Invalidates, and returns the receipt. Where the caller did not get the answer in time, because the machine had other
 * things to do, it is done again.
 */
export async function receiptOf(
  server: Pick<TestServer, 'call'>,
  selecting: Selecting,
  { wait, deadlineMs = 30_000, ...more }: ReceiptWish,
  triesLeft = 5,
): Promise<Standings> {
  const request = { selector: selectorOf(selecting), mode: InvalidationMode.REMOVE, wait: WaitFor[wait], ...more };
  const calling = { deadline: systemClock.nowMs() + deadlineMs };
  const response = await server
    .call(InvalidationServiceService.invalidate, request, calling)
    .catch((failure: ServiceError) => {
      if (failure.code !== status.DEADLINE_EXCEEDED || triesLeft === 0) throw failure;
    });
  if (response === undefined) return receiptOf(server, selecting, { wait, deadlineMs, ...more }, triesLeft - 1);
  const { receipt } = only(resultOf(response), 'invalidated');
  assert.ok(receipt, 'who waits gets a receipt');
  return Object.fromEntries(receipt.nodes.map((node) => [node.node, standingOf(node)]));
}

/** Returns the states alone, by the names of the nodes. */
export function statesIn(receipt: Standings): Record<string, keyof typeof NodeState> {
  return Object.fromEntries(Object.entries(receipt).map(([name, { state }]) => [name, state]));
}

function standingOf({ state, silentFor }: { state: NodeState; silentFor: Parameters<typeof msOf>[0] }): NodeStanding {
  const name = Object.entries(NodeState).find(([, value]) => value === state)?.[0];
  assert.ok(name, 'the state is one of the contract');
  return { state: name as keyof typeof NodeState, silentMs: silentFor && msOf(silentFor) };
}
