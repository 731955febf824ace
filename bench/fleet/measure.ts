import type { Clock } from '../../src/base/clock.ts';
import { sampleCalls } from './call-samples.ts';
import { openCalls } from './calls.ts';
import { changeRates, observers, sampleChanges } from './change-samples.ts';
import { type FleetServers, openFleet } from './fleet-servers.ts';
import type { AloneSample, BusySample, ChangeSample, Samples } from './numbers.ts';
import type { FleetOptions } from './options.ts';
import { openRedisClient } from './redis-client.ts';

/** All samples of a run. */
export interface FleetMeasured {
  /** By call, as in `l2.get`: one at a time. */
  readonly alone: Samples<AloneSample>;
  /** By call: many at a time. */
  readonly busy: Samples<BusySample>;
  /** By rate and observer, as in `1000.l1`. */
  readonly changes: Samples<ChangeSample>;
}

/** How a fleet is measured, and who hears of it. */
export interface MeasureFleetOptions extends FleetOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told every sample with its latencies in milliseconds; round 0 warms up and is not counted. */
  readonly onSample: (launch: number, round: number, name: string, p50Ms: number, p99Ms: number) => void;
}

/** Measures all loads in round after round of launch after launch. */
export async function measureFleet(options: MeasureFleetOptions): Promise<FleetMeasured> {
  const kept = { alone: new SampleLists<AloneSample>(), busy: new SampleLists<BusySample>() };
  const changes = new SampleLists<ChangeSample>();
  for (let launch = 1; launch <= options.launches; launch += 1) {
    await measureLaunch(options, launch, { ...kept, changes });
  }
  return { alone: kept.alone.lists, busy: kept.busy.lists, changes: changes.lists };
}

class SampleLists<Sample> {
  readonly #lists = new Map<string, Sample[]>();

  get lists(): Samples<Sample> {
    return this.#lists;
  }

  add(name: string, sample: Sample): void {
    const list = this.#lists.get(name);
    if (list === undefined) this.#lists.set(name, [sample]);
    else list.push(sample);
  }
}

interface Kept {
  readonly alone: SampleLists<AloneSample>;
  readonly busy: SampleLists<BusySample>;
  readonly changes: SampleLists<ChangeSample>;
}

async function measureLaunch(options: MeasureFleetOptions, launch: number, kept: Kept): Promise<void> {
  const { rounds, onSample, seconds, clock, signal } = options;
  await using serverStack = new AsyncDisposableStack();
  using clients = new DisposableStack();
  const servers = await openFleet(serverStack);
  const groups = await openCalls(clients, servers);
  const redis = clients.adopt(await openRedisClient(servers.redis.port, false), (one) => one.disconnect());
  for (let round = 0; round <= rounds; round += 1) {
    const listenerOf = listenerOfRound(round, kept, (name, p50Ms, p99Ms) =>
      onSample(launch, round, name, p50Ms, p99Ms),
    );
    await sampleCalls({ servers, groups, redis, seconds, clock, listener: listenerOf, signal });
    await followChanges(options, servers, listenerOf.change);
  }
}

type Say = (name: string, p50Ms: number, p99Ms: number) => void;

function listenerOfRound(round: number, kept: Kept, say: Say) {
  const us = ({ p50Us, p99Us }: AloneSample): readonly [number, number] => [p50Us / 1000, p99Us / 1000];
  return {
    alone({ id }: { readonly id: string }, sample: AloneSample): void {
      say(`${id}, alone`, ...us(sample));
      if (round > 0) kept.alone.add(id, sample);
    },
    busy({ id }: { readonly id: string }, sample: BusySample): void {
      say(`${id}, busy`, ...us(sample));
      if (round > 0) kept.busy.add(id, sample);
    },
    change(name: string, sample: ChangeSample): void {
      say(`change ${name}`, sample.p50Ms, sample.p99Ms);
      if (round > 0) kept.changes.add(name, sample);
    },
  };
}

async function followChanges(
  { seconds, clock, signal }: MeasureFleetOptions,
  servers: FleetServers,
  onSample: (name: string, sample: ChangeSample) => void,
): Promise<void> {
  for (const changesPerSecond of changeRates) {
    for (const observer of observers) {
      signal.throwIfAborted();
      const load = { servers, changesPerSecond, observer, seconds: seconds * 3, clock };
      onSample(`${changesPerSecond}.${observer}`, await sampleChanges(load));
    }
  }
}
