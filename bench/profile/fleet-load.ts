import type { Clock } from '../../src/base/clock.ts';
import { beginGrpc } from '../fleet/calls.ts';
import { driveClosedLoop } from '../fleet/closed-loop.ts';
import { openFleet } from '../fleet/fleet-servers.ts';
import { type GrpcRequests, requests } from '../fleet/requests.ts';
import { GrpcConnection } from '../wire/grpc-connection.ts';

/** Loads of a node of a fleet. */
export const fleetLoads: Readonly<Record<'l1Get' | 'l2Get' | 'fleetSet' | 'l1Batch' | 'l2Batch', () => GrpcRequests>> =
  {
    l1Get: () => requests.get('warm'),
    l2Get: () => requests.get('cold'),
    fleetSet: () => requests.set(),
    l1Batch: () => requests.batchGet('warm'),
    l2Batch: () => requests.batchGet('cold'),
  };

/** Tells whether a load is one of a fleet. */
export function isFleetLoad(name: string): name is keyof typeof fleetLoads {
  return name in fleetLoads;
}

/** How a node is driven. */
export interface FleetDrive {
  readonly name: keyof typeof fleetLoads;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** For Node itself, of the node that is driven. */
  readonly nodeFlags: readonly string[];
  readonly clock: Clock;
}

const IN_FLIGHT = 16;

/** Drives a fleet's node, and stops all servers. Returns how many calls, and the microseconds from their first to the end. */
export async function driveFleet({ name, seconds, warmUpSeconds, nodeFlags, clock }: FleetDrive) {
  await using stack = new AsyncDisposableStack();
  const { node } = await openFleet(stack, nodeFlags);
  const connection = stack.adopt(await GrpcConnection.open(node), async (opened) => opened.close());
  const loop = { begin: beginGrpc(connection, fleetLoads[name]()), inFlight: IN_FLIGHT, clock };
  await driveClosedLoop({ ...loop, seconds: warmUpSeconds });
  const beganMs = clock.monotonicMs();
  const { latency } = await driveClosedLoop({ ...loop, seconds });
  return { calls: latency.count, lastUs: (clock.monotonicMs() - beganMs) * 1000 };
}
