import { AdvancingClock } from '../base/advancing-clock.ts';
import { type Clock, systemClock, waitingClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { resolveConfig } from '../config/resolve-config.ts';
import { drainOnSignal } from '../server/drain-on-signal.ts';
import type { RunningServer, ServerParts } from '../server/server-parts.ts';
import { startServer } from '../server/start-server.ts';
import { version } from '../server/version.ts';
import { createLog, type Log } from '../telemetry/log.ts';
import type { OpenedStore } from './opened-store.ts';

/** Exit codes: the server could not start; what it was asked for makes no sense. */
const START_FAILED = 1;
const CONFIG_REFUSED = 2;
/** Milliseconds that a start may take: beyond it whoever watches the process should know. */
const START_MS_MAX = 60_000;

/** A process that serves by itself, one of several that share a port, or the one that keeps those running. */
type Role =
  | { readonly kind: 'alone' }
  | { readonly kind: 'primary' }
  | {
      readonly kind: 'worker';
      readonly worker: number;
      readonly config: Config;
      readonly obey: (server: RunningServer, beginDrain: () => void) => void;
    };

/**
 * Serves until a signal. Exits with 2 if the configuration is refused, with 1 if the server can't start; both say why
 * on standard error.
 */
export async function serve(flags: ReadonlyMap<string, string | true>): Promise<void> {
  const asked = await configOf(flags);
  const role = await roleOf(asked);
  const log = createLog({ level: asked.logLevel, ...(role.kind === 'worker' && { worker: role.worker }) });
  if (role.kind === 'primary') await runPrimary(asked, log);
  else await serveNode(role.kind === 'worker' ? role.config : asked, role, log);
}

async function serveNode(config: Config, role: Role, log: Log): Promise<void> {
  // Also keeps the process alive while it waits for nothing but other timers.
  const tooLate = waitingClock.startTimer(START_MS_MAX, () => giveUp(log));
  try {
    const fleet = config.fleet !== undefined;
    const durable = fleet || config.stateDir !== undefined;
    const name = config.nodeName ?? systemRandom.bytes(8).toString('hex');
    log.write('serverStarting', { version, node: process.version, name, fleet, durable });
    if (role.kind === 'alone') log.write('callersAnonymous', { insecure: config.insecure });
    const clocks = clocksOf(config);
    const opened = await openStore(config, clocks.clock, name, log);
    const server = await startServer({ ...opened, ...clocks, config, random: systemRandom, log });
    const beginDrain = drainOnSignal(server, config.drainMs, log);
    if (role.kind === 'worker') role.obey(server, beginDrain);
    else tellAddresses(config, server, log);
    tooLate.stop();
    await server.complete;
  } catch (error) {
    failStart(error, log);
  }
}

// Loaded when it is needed: most servers are one process.
async function roleOf(config: Config): Promise<Role> {
  if (config.workers === 1) return { kind: 'alone' };
  const { obeyPrimary, workerConfig, workerRole } = await import('./fleet/worker-role.ts');
  const role = workerRole();
  return role.kind === 'primary' ? role : { ...role, config: workerConfig(config, role.worker), obey: obeyPrimary };
}

async function runPrimary(config: Config, log: Log): Promise<void> {
  try {
    await (await import('./fleet/run-workers.ts')).runWorkers(config, log);
  } catch (error) {
    failStart(error, log);
  }
}

function failStart(error: unknown, log: Log): never {
  log.write('startFailed', { error });
  const code = error instanceof ConfigError ? CONFIG_REFUSED : START_FAILED;
  return exitWith(code, error instanceof Error ? error.message : String(error));
}

async function configOf(flags: ReadonlyMap<string, string | true>): Promise<Config> {
  try {
    return await resolveConfig({ flags, env: process.env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitWith(CONFIG_REFUSED, error.message);
  }
}

/** Returns by which clocks a server runs. What a test moves is the store's time, not that of calls. */
function clocksOf({ testing, fleet }: Config): Pick<ServerParts, 'clock' | 'callClock' | 'loopClock' | 'advancing'> {
  if (!testing || fleet !== undefined) return { clock: systemClock };
  const advancing = new AdvancingClock(systemClock);
  return { clock: advancing, callClock: systemClock, loopClock: systemClock, advancing };
}

// Loaded when it is needed: a server alone starts without the libraries for Redis.
async function openStore(config: Config, clock: Clock, name: string, log: Log): Promise<OpenedStore> {
  if (config.fleet === undefined) return (await import('./open-solo.ts')).openSolo(config, clock, name);
  return (await import('./fleet/open-fleet.ts')).openFleet(config.fleet, name, log);
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
