import type { StreamMessage } from './message.ts';

/**
 * Messages that their reader has not taken yet. Bounded by events, and by as many messages; beyond it they become one
 * Reset.
 */
export class MessageBuffer {
  readonly #eventsMax: number;
  #messages: StreamMessage[] = [];
  #events = 0;
  /** Of the newest message that had one. */
  #token = '';
  #end: { readonly error: Error | undefined } | undefined;
  #waiting: (() => void)[] = [];

  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
  }

  /** Puts a message in. Returns true if there was no room: all that waited was dropped, and a Reset waits instead. */
  push(message: StreamMessage): boolean {
    if ('token' in message) this.#token = message.token;
    const events = message.kind === 'events' ? message.changes.length : 0;
    const overflows = this.#messages.length > 0 && !this.#hasRoom(events);
    if (overflows) this.#reset();
    else this.#add(message, events);
    this.#wake();
    return overflows;
  }

  /** No message comes any more: readers get what waits, then the end. */
  end(error?: Error): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Waits for the next message; undefined at the end. Throws the error that ended it. */
  async take(): Promise<StreamMessage | undefined> {
    for (;;) {
      const message = this.#messages.shift();
      if (message?.kind === 'events') this.#events -= message.changes.length;
      if (message !== undefined) return message;
      if (this.#end?.error !== undefined) throw this.#end.error;
      if (this.#end !== undefined) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Progress only says what the next one says too: the newest is enough. */
  #add(message: StreamMessage, events: number): void {
    const last = this.#messages.at(-1);
    if (message.kind === 'progress' && last?.kind === 'progress') this.#messages.pop();
    this.#messages.push(message);
    this.#events += events;
  }

  #hasRoom(events: number): boolean {
    return this.#events + events <= this.#eventsMax && this.#messages.length < this.#eventsMax;
  }

  #reset(): void {
    this.#messages = [
      { kind: 'state', state: 'RESETTING' },
      { kind: 'reset', reason: 'SLOW', token: this.#token },
      { kind: 'state', state: 'READY' },
    ];
    this.#events = 0;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
}
