import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));
const NODE = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url));
const START_MS = 60_000;

/** A server in testing mode that can be taken away and brought back on the same port. Its namespaces survive that. */
export class ConformanceServer {
  readonly #stateDir = mkdtempSync(join(tmpdir(), 'reprise-conformance-'));
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;
  #port = 0;

  /** @param flags beside those for addresses and testing */
  constructor(flags: readonly string[] = []) {
    this.#flags = flags;
  }

  /** Such as `127.0.0.1:40001`. */
  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** True while its process was started and not stopped. */
  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  /** Starts it and waits until it serves. */
  async start(): Promise<void> {
    const flags = ['--testing', '--listen', this.address, '--ops-listen', 'off', '--state', this.#stateDir];
    const child = spawn(NODE, [MAIN, 'serve', ...flags, ...this.#flags], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const timer = setTimeout(() => reject(new Error('the server did not start in time')), START_MS);
    const lines: string[] = [];
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line);
      if (line.includes('"serverListening"')) resolve((JSON.parse(line) as { port: number }).port);
    });
    child.once('close', () => reject(new Error(`the server ended: ${lines.join('\n')}`)));
    this.#port = await promise;
    clearTimeout(timer);
  }

  /** Ends it: with SIGTERM it says good-bye first, with SIGKILL it does not. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const closed = once(child, 'close');
    child.kill(signal);
    await closed;
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#stateDir, { recursive: true, force: true });
  }
}
