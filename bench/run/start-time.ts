import type { Clock } from '../../src/base/clock.ts';
import { AdminServiceService, ListNamespacesRequest } from '../../src/gen/reprise/v1/admin_service.ts';
import { callOnce } from '../contestants/grpc-contestant.ts';
import { startReprise } from '../support/reprise-server.ts';

const request = Buffer.from(ListNamespacesRequest.encode({ pageSize: 0, pageToken: '' }).finish());

/** Starts the server as often as asked, metrics on, and returns the milliseconds from spawn to the first answered call. */
export async function startTimesMs(starts: number, clock: Clock): Promise<readonly number[]> {
  const timesMs: number[] = [];
  for (let start = 0; start < starts; start += 1) {
    const beganMs = clock.monotonicMs();
    await using server = await startReprise({ withOps: true });
    await callOnce({ address: server.ready.grpc, path: AdminServiceService.listNamespaces.path, request });
    timesMs.push(clock.monotonicMs() - beganMs);
  }
  return timesMs;
}
