import type { StreamSample } from './load.ts';
import { runLoadProcess } from './load-process.ts';
import type { StreamOptions } from './options.ts';
import { type Scenario, scenarios, warmUp } from './scenarios.ts';
import { openStreamingServers, type StreamingServer } from './streaming-server.ts';

/** What one server did in one scenario. */
export interface StreamMeasured {
  readonly scenario: Scenario;
  /** `reprise` or `bare`. */
  readonly server: string;
  /** One a launch, in the same order for all. */
  readonly samples: readonly StreamSample[];
}

/** How the stream is measured, and who hears of it. */
export interface MeasureStreamOptions extends StreamOptions {
  readonly signal: AbortSignal;
  readonly onSample: (launch: number, server: string, scenario: Scenario, sample: StreamSample) => void;
}

/** Measures all scenarios in launch after launch; what is compared runs one right after the other. */
export async function measureStream(options: MeasureStreamOptions): Promise<readonly StreamMeasured[]> {
  const measured = new Map<string, StreamMeasured & { readonly samples: StreamSample[] }>();
  for (let launch = 1; launch <= options.launches; launch += 1) {
    await measureLaunch(options, (server, scenario, sample) => {
      const name = `${server}.${scenario.id}`;
      const known = measured.get(name) ?? { scenario, server, samples: [] };
      known.samples.push(sample);
      measured.set(name, known);
      options.onSample(launch, server, scenario, sample);
    });
  }
  return [...measured.values()];
}

type OnSample = (server: string, scenario: Scenario, sample: StreamSample) => void;

async function measureLaunch(options: MeasureStreamOptions, onSample: OnSample): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const { reprise, bare } = await openStreamingServers(stack);
  for (const server of [reprise, bare]) await loadOf(server, warmUp, options, options.warmUpSeconds);
  for (const scenario of scenarios) {
    for (const server of scenario.hasFloor ? [reprise, bare] : [reprise]) {
      options.signal.throwIfAborted();
      onSample(server.id, scenario, await loadOf(server, scenario, options, 1));
    }
  }
}

function loadOf(
  { address, pid, readyMade }: StreamingServer,
  { shape }: Scenario,
  { seconds }: StreamOptions,
  warmUpSeconds: number,
): Promise<StreamSample> {
  return runLoadProcess({ address, serverPid: pid, readyMade, ...shape, warmUpSeconds, seconds });
}
