import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until, within } from '../until.ts';
import { removeAtExit, removeNow, spawnBound } from './live-processes.ts';
import { claimPorts, type PortClaim } from './ports.ts';
import { accessConfig, type RedisAccess, SERVICE_PASSWORD, SERVICE_USER } from './redis-access.ts';
import { type RedisCall, withSuperuser } from './redis-connection.ts';

/** What a test may put in place of the default. */
export interface RedisProcessOptions extends RedisAccess {
  /** Lines of redis.conf beside the rig's own. */
  readonly config?: readonly string[];
  /** Keep the data over a restart, by an append-only file synced at each write. Default: a restart empties. */
  readonly save?: boolean;
  /** A node of a cluster that is still to be formed; its bus listens on `busPort`. */
  readonly clusterNode?: boolean;
  /** A Sentinel instead of a server. */
  readonly sentinel?: boolean;
}

/** Starts one `redis-server` on a free port of 127.0.0.1, in a directory of its own; resolves when it answers. */
export async function startRedis(options: RedisProcessOptions = {}): Promise<RedisProcess> {
  for (let triesLeft = 3; ; triesLeft--) {
    const server = new RedisProcess(await claimPorts(), options);
    try {
      await server.start();
      return server;
    } catch (failure) {
      await server.stop();
      // Somebody who claims no ports took it in between.
      if (triesLeft === 0 || !/Address already in use/.test(String(failure))) throw failure;
    }
  }
}

/** A real Redis (or Sentinel) process. It doesn't outlive the test's process; `await using` stops it. */
export class RedisProcess implements AsyncDisposable {
  readonly port: number;
  readonly busPort: number;
  readonly access: RedisAccess;
  readonly #claim: PortClaim;
  readonly #directory: string;
  readonly #sentinel: boolean;
  #child: ChildProcess | undefined;
  #frozen = false;

  /** Prepares the directory; `start` starts. Takes over the claim. */
  constructor(claim: PortClaim, options: RedisProcessOptions) {
    this.#claim = claim;
    this.port = claim.port;
    this.busPort = claim.busPort;
    this.access = options;
    this.#sentinel = options.sentinel === true;
    this.#directory = mkdtempSync(join(tmpdir(), 'reprise-redis-'));
    removeAtExit(this.#directory);
    this.#configure(configOf(options, claim));
  }

  /** `redis://` or `rediss://`, with the service's user if the server has an ACL. */
  get url(): string {
    const login = this.access.aclPrefix === undefined ? '' : `${SERVICE_USER}:${SERVICE_PASSWORD}@`;
    return `redis${this.access.tls === undefined ? '' : 's'}://${login}127.0.0.1:${this.port}`;
  }

  /** Of the process that runs, or ran last. */
  get pid(): number {
    return this.#child!.pid!;
  }

  /** `frozen` by `pause`; `ended` by `kill`, or by itself. */
  get state(): 'running' | 'frozen' | 'ended' {
    if (!isRunning(this.#child)) return 'ended';
    return this.#frozen ? 'frozen' : 'running';
  }

  /** All that it has written so far, over restarts. */
  log(): string {
    return readFileSync(this.#file('log'), 'utf8');
  }

  /** Starts it, with more lines of configuration that stay. Resolves when it answers; rejects with its log's end. */
  async start(more: readonly string[] = []): Promise<void> {
    appendFileSync(this.#file('redis.conf'), more.map((line) => `${line}\n`).join(''));
    const before = this.#logLength();
    const args = [this.#file('redis.conf'), ...(this.#sentinel ? ['--sentinel'] : [])];
    const child = spawnBound('redis-server', args, this.#file('log'));
    this.#child = child;
    child.once('error', (failure) => appendFileSync(this.#file('log'), `${failure}\n`));
    const isUp = (): boolean => READY.test(this.log().slice(before));
    await until(() => isUp() || !isRunning(child), { what: `the start of Redis on port ${this.port}` });
    if (!isUp()) throw new Error(`Redis ended at its start:\n${this.log().slice(-2_000)}`);
    await this.command('PING');
  }

  /** Sends one command as the superuser. Rejects with the server's error. */
  command(command: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.session((call) => call(command, ...args));
  }

  /** Lends a connection of the superuser, for several commands. */
  session<T>(use: (call: RedisCall) => Promise<T>): Promise<T> {
    return withSuperuser(this, use);
  }

  /** SIGKILL: like a crash. Port and directory stay for `restart`. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#frozen = false;
    if (child === undefined || !isRunning(child)) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await within(ended, { what: `the end of Redis on port ${this.port}` });
  }

  /** Starts it again on the same port in the same directory; ends it before by SIGKILL if it runs. */
  async restart(more: readonly string[] = []): Promise<void> {
    await this.kill();
    await this.start(more);
  }

  /** SIGSTOP: it keeps its sockets and says nothing. */
  pause(): void {
    this.#frozen = this.#child!.kill('SIGSTOP');
  }

  /** SIGCONT. */
  resume(): void {
    this.#child!.kill('SIGCONT');
    this.#frozen = false;
  }

  /** Resumes it if it is frozen; starts it again if it ended, with more lines of configuration. */
  async revive(more: readonly string[] = []): Promise<void> {
    if (this.state === 'frozen') this.resume();
    if (this.state === 'ended') await this.start(more);
  }

  /** Ends it and removes its directory. May be called again. */
  async stop(): Promise<void> {
    await this.kill();
    removeNow(this.#directory);
    this.#claim.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #configure(lines: readonly string[]): void {
    writeFileSync(this.#file('redis.conf'), `dir ${this.#directory}\n${lines.join('\n')}\n`);
    writeFileSync(this.#file('log'), '');
  }

  #logLength(): number {
    return this.log().length;
  }

  #file(name: string): string {
    return join(this.#directory, name);
  }
}

const READY = /Ready to accept connections|Sentinel ID is/;

function configOf(options: RedisProcessOptions, { port, busPort }: PortClaim): string[] {
  const { config = [], save = false, clusterNode = false, sentinel = false } = options;
  return [
    'bind 127.0.0.1',
    ...accessConfig(options, { port, sentinel }),
    ...(sentinel ? [] : SERVER),
    ...(sentinel ? [] : ['save ""', `appendonly ${save ? 'yes' : 'no'}`, 'appendfsync always']),
    ...(clusterNode ? ['cluster-enabled yes', 'cluster-config-file nodes.conf', `cluster-port ${busPort}`] : []),
    ...config,
  ];
}

// Replicas attach at once.
const SERVER = ['repl-diskless-sync yes', 'repl-diskless-sync-delay 0', 'repl-ping-replica-period 1'];

function isRunning(child: ChildProcess | undefined): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
