import { systemClock } from '../base/clock.ts';
import { systemRandom } from '../base/random.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { resolveConfig } from '../config/resolve-config.ts';
import { Lru } from '../policy/lru.ts';
import { drainOnSignal } from '../server/drain-on-signal.ts';
import { type RunningServer, startServer } from '../server/start-server.ts';
import { version } from '../server/version.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import { MemoryControlDocuments } from '../store/memory/memory-control-documents.ts';
import { MemoryStore } from '../store/memory/memory-store.ts';
import { createLog, type Log } from '../telemetry/log.ts';

/** Exit codes: the server could not start; what it was asked for makes no sense. */
const START_FAILED = 1;
const CONFIG_REFUSED = 2;
/** Entries that one turn of the expiry may remove: a bound on how long it keeps calls waiting. */
const EXPIRE_WORK_MAX = 10_000;

/**
 * Serves until a signal. Exits with 2 if the configuration is refused, with 1 if the server can't start; both say why
 * on standard error.
 */
export async function serve(flags: ReadonlyMap<string, string | true>): Promise<void> {
  const config = await configOf(flags);
  const log = createLog({ level: config.logLevel });
  try {
    const documents = await openDocuments(config);
    log.write('serverStarting', { version, node: process.version, durable: documents.durable });
    log.write('callersAnonymous', { insecure: config.insecure });
    const server = await startSolo(config, documents, log);
    drainOnSignal(server, config.drainMs, log);
    tellAddresses(config, server, log);
    await server.complete;
  } catch (error) {
    log.write('startFailed', { error });
    exitWith(START_FAILED, error instanceof Error ? error.message : String(error));
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

async function openDocuments({ stateDir }: Config): Promise<ControlDocuments> {
  if (stateDir === undefined) return new MemoryControlDocuments();
  const { openFileControlDocuments } = await import('../store/file/file-control-documents.ts');
  return openFileControlDocuments(stateDir);
}

function startSolo(config: Config, documents: ControlDocuments, log: Log): Promise<RunningServer> {
  const [clock, random] = [systemClock, systemRandom];
  const store = new MemoryStore({ clock, random, makePolicy: (slotCount) => new Lru(slotCount) });
  const expireDue = (): void => void store.expireDue(EXPIRE_WORK_MAX);
  return startServer({ config, clock, random, log, store, documents, expireDue });
}

function tellAddresses({ listen, opsListen, tls }: Config, { port, opsPort }: RunningServer, log: Log): void {
  if (opsListen !== 'off') log.write('opsListening', { host: opsListen.host, port: opsPort ?? 0 });
  const startMs = Math.round(performance.now());
  log.write('serverListening', { host: listen.host, port, tls: tls !== undefined, startMs });
}

function exitWith(code: number, message: string): never {
  process.stderr.write(`reprise: ${message}\n`);
  process.exit(code);
}
