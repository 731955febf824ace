import cluster from 'node:cluster';
import type { Config } from '../../config/config.ts';
import type { RunningServer } from '../../server/server-parts.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The variable by which a worker learns its number. Set by the primary process, never by people. */
export const WORKER_NUMBER = 'REPRISE_WORKER_NUMBER';

/** What a process is that was asked to serve with several workers. */
export type WorkerRole = { readonly kind: 'primary' } | { readonly kind: 'worker'; readonly worker: number };

/** Returns which of them this process is. */
export function workerRole(): WorkerRole {
  if (cluster.isPrimary) return { kind: 'primary' };
  return { kind: 'worker', worker: Number(process.env[WORKER_NUMBER]) };
}

/** Returns how a worker runs: the primary process shows metrics and probes, and its node has a name of its own. */
export function workerConfig(config: Config, worker: number): Config {
  const nodeName = config.nodeName === undefined ? undefined : `${config.nodeName}-${worker}`;
  return { ...config, nodeName, opsListen: 'off' };
}

/** Tells the primary process that this worker serves, and does what it says from now on. */
export function obeyPrimary(server: RunningServer, beginDrain: () => void): void {
  process.on('message', (message: ToWorker) => {
    if (message.kind === 'drain') beginDrain();
    else void scraped(server, message.id).then(tell);
  });
  tell({ kind: 'ready', port: server.port });
}

async function scraped(server: RunningServer, id: number): Promise<FromWorker> {
  const { render } = await server.metrics();
  return { kind: 'scraped', id, text: await render() };
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
