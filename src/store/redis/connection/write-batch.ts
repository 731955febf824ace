import type { Socket } from 'node:net';

/**
 * Collects what is written to a socket in one turn of the event loop, so that many commands leave in one system call.
 * What is written while nobody waits for an answer leaves as soon as the code that runs now is done: alone it gains
 * nothing by waiting.
 *
 * Plain form: write each command as it comes. Measured with EVALSHA of a read of 100 bytes: with 64 calls in flight 6.5
 * instead of 8.5 µs of CPU a call (111 000 instead of 71 000 calls a second), with 8 in flight 7.4 instead of 9.4, with
 * one 14.9 instead of 12.6.
 */
export class WriteBatch {
  /** ioredis takes a stream like those of its pipelines. */
  readonly isPipeline = true;
  readonly destination: { readonly redis: { readonly stream: Socket } };
  readonly #socket: Socket;
  #chunks: (string | Buffer)[] = [];
  // Joined: one long string costs less than many short ones.
  #text = '';
  #scheduled: 'no' | 'at-end-of-turn' | 'soon' = 'no';

  constructor(socket: Socket) {
    this.#socket = socket;
    this.destination = { redis: { stream: socket } };
  }

  /** Writes with the rest of this turn, or `soon`: when the code that runs now is done. */
  schedule(soon: boolean): void {
    if (this.#scheduled !== 'no') return;
    this.#scheduled = soon ? 'soon' : 'at-end-of-turn';
    const flush = (): void => this.#flush();
    if (soon) process.nextTick(flush);
    else setImmediate(flush);
  }

  /** Takes a command as ioredis writes it. */
  write(data: string | Buffer): boolean {
    if (typeof data === 'string') this.#text += data;
    else this.#chunks.push(this.#text, data);
    if (typeof data !== 'string') this.#text = '';
    return true;
  }

  #flush(): void {
    const chunks = this.#chunks;
    const text = this.#text;
    this.#scheduled = 'no';
    this.#chunks = [];
    this.#text = '';
    if (!this.#socket.writable) return;
    if (chunks.length === 0) {
      this.#socket.write(text);
      return;
    }
    this.#socket.cork();
    for (const chunk of [...chunks, text]) if (chunk.length > 0) this.#socket.write(chunk);
    this.#socket.uncork();
  }
}
