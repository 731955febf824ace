import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** What a driver answers. */
export interface Answer {
  readonly ok?: unknown;
  readonly error?: { readonly kind: string; readonly code?: string; readonly reason?: string };
}

/** A command that was sent. */
export interface Sent {
  readonly id: number;
  readonly answer: Promise<Answer>;
}

/** Milliseconds for which a driver may be silent: its first answer, any other. */
const START_MS = 60_000;
const ANSWER_MS = 45_000;
const END_MS = 5000;
const STDERR_LINES_MAX = 200;
/** With these a driver ends whose toolchain or build is missing: its own word for it, and the shell's two. */
const MISSING_CODES: ReadonlySet<number> = new Set([77, 126, 127]);

/** What a driver runs on is not on this machine. */
export class DriverMissing extends Error {}

/** The driver of one language: a process that is told commands. */
export class Driver {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #stderr: string[] = [];
  #lastId = 0;

  /** @param command an executable, and its arguments */
  constructor([file, ...args]: readonly [string, ...string[]]) {
    this.#process = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    eachLine(this.#process.stdout!, (line) => this.#hear(line));
    eachLine(this.#process.stderr!, (line) => {
      this.#stderr.push(line);
      if (this.#stderr.length > STDERR_LINES_MAX) this.#stderr.shift();
    });
    this.#process.on('close', (code, signal) => this.#gone(`the driver ended with ${signal ?? code}`));
    this.#process.on('error', (error) => this.#gone(error.message));
    this.#process.stdin!.on('error', () => undefined);
  }

  /** True once its process has ended, by itself or by `close`. */
  get hasEnded(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** What it wrote to standard error since this was asked last. */
  takeLog(): string {
    return this.#stderr.splice(0).join('\n');
  }

  /**
   * Asks what features it has. Throws a DriverMissing where what it runs on is not there, any other Error where it does
   * not answer.
   */
  async hello(): Promise<readonly string[]> {
    const { ok, error } = await this.send({ do: 'hello' }, START_MS).answer;
    if (error === undefined) return (ok as { features: string[] }).features;
    const why = `${error.reason}\n${this.takeLog()}`;
    throw MISSING_CODES.has(this.#process.exitCode ?? 0) ? new DriverMissing(why) : new Error(why);
  }

  /** Sends a command. Its answer says Timeout where the driver says nothing. */
  send(command: object, withinMs: number = ANSWER_MS): Sent {
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const timer = setTimeout(() => this.#answer(id, silent(`no answer within ${withinMs} ms`)), withinMs);
    this.#waiting.set(id, (answer) => {
      clearTimeout(timer);
      resolve(answer);
    });
    if (this.hasEnded) this.#answer(id, silent('the driver has ended'));
    else this.#process.stdin!.write(`${lineOf({ id, ...command })}\n`);
    return { id, answer: promise };
  }

  /** Ends the process. */
  async close(): Promise<void> {
    if (this.hasEnded) return;
    const closed = once(this.#process, 'close');
    this.#process.stdin!.end();
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), END_MS);
    await closed;
    clearTimeout(timer);
  }

  #hear(line: string): void {
    let answer: Answer & { readonly id: number };
    try {
      answer = JSON.parse(line) as typeof answer;
    } catch {
      this.#stderr.push(`not an answer: ${line}`);
      return;
    }
    this.#answer(answer.id, answer);
  }

  #answer(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  #gone(why: string): void {
    this.#stderr.push(why);
    for (const id of this.#waiting.keys()) this.#answer(id, silent(why));
  }
}

function silent(reason: string): Answer {
  return { error: { kind: 'DriverSilent', reason } };
}

// Some readers of lines end them at these characters too, which JSON may hold as they are.
function lineOf(command: object): string {
  return JSON.stringify(command).replace(/[\u0085\u2028\u2029]/g, (mark) => {
    return `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

// Ends lines at `\n` alone, as drivers write them.
function eachLine(input: Readable, hear: (line: string) => void): void {
  let rest = '';
  input.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) hear(line);
  });
}
