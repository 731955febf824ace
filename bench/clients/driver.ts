import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pinned } from '../support/processes.ts';
import { type Answer, readAnswer } from './answers.ts';

/** Milliseconds beyond the time asked for in which a driver must answer: it opens clients and fills near caches. */
const ANSWER_MS_MAX = 60_000;
const LOG_LINES_MAX = 30;

/** The driver of a client: a process that is told commands, one at a time. */
export class Driver implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  readonly #log: string[] = [];

  /** @param core what it is pinned to */
  constructor(command: readonly string[], core: number) {
    const [program, ...args] = pinned(command, core);
    this.#process = spawn(program!, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process.on('error', (error) => this.#log.push(error.message));
    this.#process.stdin!.on('error', () => undefined);
    this.#answers = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]();
    createInterface({ input: this.#process.stderr! }).on('line', (line) => {
      if (this.#log.push(line) > LOG_LINES_MAX) this.#log.shift();
    });
  }

  /** Sends a command and returns its answer. Rejects if the driver fails, ends or is silent. */
  async ask(command: object, seconds: number): Promise<Answer> {
    this.#process.stdin!.write(`${JSON.stringify(command)}\n`);
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), seconds * 1000 + ANSWER_MS_MAX);
    const { value, done } = await this.#answers.next();
    clearTimeout(timer);
    if (done === true) throw new Error(`the driver ended or was silent\n${this.#log.join('\n')}`);
    return readAnswer(value);
  }

  /** Ends the process and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.pid === undefined || this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.stdin!.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(timer);
  }
}
