import cluster, { type Worker } from 'node:cluster';
import { systemClock, waitingClock } from '../../base/clock.ts';
import type { Config } from '../../config/config.ts';
import { type Drainable, drainOnSignal } from '../../server/drain-on-signal.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { OpsServer } from '../../telemetry/ops-server.ts';
import { mergeMetrics } from './merge-metrics.ts';
import type { FromWorker, WorkerProcess } from './worker-messages.ts';
import { WorkerPool } from './worker-pool.ts';
import { WORKER_NUMBER } from './worker-role.ts';

/** Milliseconds that a worker gets beyond the time for its drain, before it is killed. */
const DRAIN_SLACK_MS = 10_000;
/** Of the text format that all workers write. */
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * Runs the workers of a machine: each a node of the fleet in a process of its own, all on one port. This process takes
 * connections and hands them out in turns, shows metrics and probes of all, and serves no calls. Exits as a node does.
 */
export async function runWorkers(config: Config, log: Log): Promise<void> {
  log.write('callersAnonymous', { insecure: config.insecure });
  const onServing = (port: number): void => tellListening(config, port, log);
  const onGaveUp = (code: number): never => process.exit(code);
  const count = config.workers;
  const pool = new WorkerPool({ count, fork: forkWorker, clock: waitingClock, log, onServing, onGaveUp });
  const ops = opsServer(config, pool, log);
  const opsPort = await ops?.start();
  if (config.opsListen !== 'off') log.write('opsListening', { host: config.opsListen.host, port: opsPort ?? 0 });
  drainOnSignal(drainable(pool, config.drainMs), config.drainMs, log);
  pool.start();
}

function forkWorker(worker: number): WorkerProcess {
  const forked: Worker = cluster.fork({ [WORKER_NUMBER]: String(worker) });
  // A worker that is gone hears nothing; its end is told by its exit.
  forked.on('error', () => undefined);
  return {
    pid: forked.process.pid ?? 0,
    send: (message) => void (forked.isConnected() && forked.send(message)),
    kill: (signal) => void forked.process.kill(signal),
    onMessage: (listener) => void forked.on('message', (message: FromWorker) => listener(message)),
    onExit: (listener) =>
      void forked.once('exit', (code: unknown) => listener(typeof code === 'number' ? code : undefined)),
  };
}

function tellListening({ listen, tls }: Config, port: number, log: Log): void {
  const startMs = Math.round(systemClock.monotonicMs());
  log.write('serverListening', { host: listen.host, port, tls: tls !== undefined, startMs });
}

function opsServer({ opsListen }: Config, pool: WorkerPool, log: Log): OpsServer | undefined {
  if (opsListen === 'off') return undefined;
  const merged: Metrics = { contentType: CONTENT_TYPE, render: async () => mergeMetrics(await pool.scrape()) };
  const notReadyBecause = (): string | undefined => pool.notReadyBecause;
  // What each worker lacks is in its metrics, reprise_store_up.
  const degradedBecause = (): undefined => undefined;
  return new OpsServer({ ...opsListen, metrics: async () => merged, notReadyBecause, degradedBecause, log });
}

/** The pool, with an end to its patience: a worker that hangs is killed. */
function drainable(pool: WorkerPool, drainMs: number): Drainable {
  return {
    drain: () => {
      waitingClock.startTimer(drainMs + DRAIN_SLACK_MS, () => pool.kill());
      return pool.drain();
    },
    kill: () => pool.kill(),
  };
}
