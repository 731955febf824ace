import { systemClock, waitingClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { resolveConfig } from '../config/resolve-config.ts';
import { drainOnSignal } from '../server/drain-on-signal.ts';
import { type RunningServer, startServer } from '../server/start-server.ts';
import { version } from '../server/version.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import type { OpenedStore } from './opened-store.ts';

/** Exit codes: the server could not start; what it was asked for makes no sense. */
const START_FAILED = 1;
const CONFIG_REFUSED = 2;
/** Milliseconds that a start may take: beyond it whoever watches the process should know. */
const START_MS_MAX = 60_000;

/**
 * Serves until a signal. Exits with 2 if the configuration is refused, with 1 if the server can't start; both say why
 * on standard error.
 */
export async function serve(flags: ReadonlyMap<string, string | true>): Promise<void> {
  const config = await configOf(flags);
  const log = createLog({ level: config.logLevel });
  // Also keeps the process alive while it waits for nothing but other timers.
  const tooLate = waitingClock.startTimer(START_MS_MAX, () => giveUp(log));
  try {
    const fleet = config.fleet !== undefined;
    const durable = fleet || config.stateDir !== undefined;
    log.write('serverStarting', { version, node: process.version, fleet, durable });
    log.write('callersAnonymous', { insecure: config.insecure });
    const opened = await openStore(config, log);
    const server = await startServer({ ...opened, config, clock: systemClock, random: systemRandom, log });
    drainOnSignal(server, config.drainMs, log);
    tellAddresses(config, server, log);
    tooLate.stop();
    await server.complete;
  } catch (error) {
    log.write('startFailed', { error });
    const code = error instanceof ConfigError ? CONFIG_REFUSED : START_FAILED;
    exitWith(code, error instanceof Error ? error.message : String(error));
  }
}

async function configOf(flags: ReadonlyMap<string, string | true>): Promise<Config> {
  try {
    return await resolveConfig({ flags, env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitWith(CONFIG_REFUSED, error.message);
  }
}

// Loaded when it is needed: a server alone starts without the libraries for Redis.
async function openStore(config: Config, log: Log): Promise<OpenedStore> {
  if (config.fleet === undefined) return (await import('./open-solo.ts')).openSolo(config);
  return (await import('./fleet/open-fleet.ts')).openFleet(config.fleet, log);
}

function tellAddresses({ listen, opsListen, tls }: Config, { port, opsPort }: RunningServer, log: Log): void {
  if (opsListen !== 'off') log.write('opsListening', { host: opsListen.host, port: opsPort ?? 0 });
  const startMs = Math.round(performance.now());
  log.write('serverListening', { host: listen.host, port, tls: tls !== undefined, startMs });
}

function giveUp(log: Log): void {
  const error = new Error(`the server did not start within ${START_MS_MAX / 1000} s: see its log`);
  log.write('startFailed', { error });
  exitWith(START_FAILED, error.message);
}

function exitWith(code: number, message: string): never {
  process.stderr.write(`reprise: ${message}\n`);
  process.exit(code);
}
