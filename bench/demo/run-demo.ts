import { randomUUID } from 'node:crypto';
import type { Client } from '@grpc/grpc-js';
import type { Clock } from '../../src/base/clock.ts';
import { createNamespace, deleteNamespace } from '../support/namespaces.ts';
import { directHits } from './direct-hits.ts';
import type { ReplayPlan } from './plan.ts';
import { remoteCache } from './remote-cache.ts';
import { type ReplayResult, replay } from './replay.ts';

/** How a plan is carried out. */
export interface DemoRun {
  readonly client: Client;
  readonly plan: ReplayPlan;
  readonly concurrency: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, hits: number) => void;
}

/** What a server and a plain LRU made of the same trace. */
export interface DemoResult {
  readonly plan: ReplayPlan;
  readonly replay: ReplayResult;
  /** Hits of a direct in-process LRU of the same capacity. */
  readonly directHits: number;
}

/** Replays a plan in a namespace of its own, which is gone afterwards whatever happens. */
export async function runDemo(run: DemoRun): Promise<DemoResult> {
  const namespace = `demo-${randomUUID()}`;
  await createNamespace(run.client, namespace, run.plan.capacityBytes);
  try {
    const target = remoteCache({ client: run.client, namespace, ...run.plan });
    const result = await replay({ ...run, ...run.plan, target });
    return { plan: run.plan, replay: result, directHits: directHits(run.plan) };
  } finally {
    await deleteNamespace(run.client, namespace);
  }
}
