import { Client, credentials } from '@grpc/grpc-js';
import { systemClock } from '../src/base/clock.ts';
import { type DemoOptions, readDemoOptions } from './demo/options.ts';
import { planReplay } from './demo/plan.ts';
import { ProgressBar } from './demo/progress-bar.ts';
import { hitTable, remarks, speedTable } from './demo/report.ts';
import { type DemoResult, runDemo } from './demo/run-demo.ts';
import { startReprise } from './support/reprise-server.ts';
import { channelOptions } from './support/rpc.ts';
import { runMain } from './support/run-main.ts';
import { loadTrace } from './traces/trace.ts';

/**
 * `npm run demo -- [--trace FILE|DIR] [--address HOST:PORT] [--capacity-entries N] [--value-bytes N] [--concurrency N]
 * [--requests N]`: replays traces through gRPC and prints what a cache server makes of them.
 */
async function demo(args: readonly string[], signal: AbortSignal): Promise<void> {
  const options = readDemoOptions(args);
  if (options.address !== undefined) return await replayAll(options, options.address, signal);
  await using server = await startReprise();
  await replayAll(options, server.ready.grpc, signal);
}

async function replayAll(options: DemoOptions, address: string, signal: AbortSignal): Promise<void> {
  const client = new Client(address, credentials.createInsecure(), channelOptions);
  try {
    const results: DemoResult[] = [];
    for (const path of options.tracePaths) results.push(await replayFile(options, client, path, signal));
    const parts = [hitTable(results), speedTable(results), remarks(results, options.concurrency)];
    process.stdout.write(`\n${parts.join('\n')}`);
  } finally {
    client.close();
  }
}

async function replayFile(
  options: DemoOptions,
  client: Client,
  path: string,
  signal: AbortSignal,
): Promise<DemoResult> {
  const trace = await loadTrace(path, options.requestsMax);
  const bar = new ProgressBar(process.stderr, trace.name, trace.requests);
  const onProgress = (done: number, hits: number): void =>
    bar.update(done, `${((hits / done) * 100).toFixed(1)} % hits`);
  const plan = planReplay(trace, options);
  const { concurrency } = options;
  try {
    return await runDemo({ client, plan, concurrency, clock: systemClock, signal, onProgress });
  } finally {
    bar.finish();
  }
}

await runMain(demo);
