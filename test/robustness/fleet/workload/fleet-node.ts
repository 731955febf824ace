import { readFile } from 'node:fs/promises';
import { type ServerProcess, startServerProcess } from '../../../support/server-process.ts';
import { ProxySet } from '../faults/proxy-set.ts';

const SHIM = new URL('./node-shim.ts', import.meta.url);

const STARTS_MAX = 5;

/** Milliseconds that a start may take on a busy machine. */
const START_MS_MAX = 45_000;

/** What nodes are started with. */
export interface NodeOptions {
  readonly index: number;
  /** Flags of `reprise serve`. */
  readonly flags: readonly string[];
  /** Ports of all Redis servers that it may talk to. */
  readonly redisPorts: readonly number[];
  /** Modules that are loaded first and break something. */
  readonly defects: readonly URL[];
}

/** A node in a process of its own that may be started again; its way to Redis leads through proxies of its own. */
export class FleetNode implements AsyncDisposable {
  readonly index: number;
  readonly proxies: ProxySet;
  readonly #options: NodeOptions;
  #process: ServerProcess;
  #life = 1;
  #clockMs = 0;

  private constructor(options: NodeOptions, proxies: ProxySet, process: ServerProcess) {
    this.#options = options;
    this.index = options.index;
    this.proxies = proxies;
    this.#process = process;
  }

  /** Starts a node. */
  static async start(options: NodeOptions): Promise<FleetNode> {
    await using opening = new AsyncDisposableStack();
    const proxies = opening.use(await ProxySet.open(options.redisPorts));
    const process = await startAgain(options, proxies, 0);
    opening.move();
    return new FleetNode(options, proxies, process);
  }

  /** Which life of the node it is, from 1. */
  get life(): number {
    return this.#life;
  }

  /** The process that runs, or ran last. */
  get process(): ServerProcess {
    return this.#process;
  }

  /** Milliseconds by which its wall clock is ahead. */
  get clockMs(): number {
    return this.#clockMs;
  }

  /** SIGKILL, and a new start, with a wall clock that is ahead by so much. */
  async restart(clockMs = this.#clockMs): Promise<void> {
    const before = this.#process;
    before.kill('SIGKILL');
    await before.ended;
    this.#clockMs = clockMs;
    this.#process = await startAgain(this.#options, this.proxies, clockMs);
    this.#life++;
    // Not before: callers go on calling the dead one, as they do.
    await before[Symbol.asyncDispose]();
  }

  /** Bytes of memory that the process takes; 0 if it does not run. */
  async rssBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.#process.pid}/status`, 'utf8').catch(() => '');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.proxies[Symbol.asyncDispose]();
  }
}

/** A node does not start while Redis can't be reached, or on a machine too busy: whoever runs it starts it again. */
async function startAgain(options: NodeOptions, proxies: ProxySet, clockMs: number): Promise<ServerProcess> {
  for (let triesLeft = STARTS_MAX; ; triesLeft--) {
    try {
      return await startProcess(options, proxies, clockMs);
    } catch (failure) {
      if (triesLeft === 0) throw failure;
    }
  }
}

function startProcess({ flags, defects }: NodeOptions, proxies: ProxySet, clockMs: number): Promise<ServerProcess> {
  const shim = new URL(SHIM);
  shim.searchParams.set('ports', JSON.stringify(proxies.ports));
  shim.searchParams.set('clock', `${clockMs}`);
  const imports = [shim, ...defects].flatMap((module) => ['--import', module.href]);
  return startServerProcess({ flags, nodeFlags: imports, startWithinMs: START_MS_MAX });
}
