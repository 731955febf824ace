import type { Client, RepriseError, StreamMessage, StreamState, SubscribeOptions, Subscription } from '../src/index.ts';
import { errorOf, TimeoutError } from './error-of.ts';
import { type Fields, given } from './fields.ts';

/** A subscription from which only what is asked for is taken. */
export class Listener {
  readonly #subscription: Subscription;
  readonly #states: StreamState[] = [];
  readonly #messages: AsyncIterator<StreamMessage | Fields>;
  /** Messages that were taken together with one that was asked for. */
  #left: Fields[] = [];
  /** Of the newest message that was taken; all of it has been taken where nothing is left. */
  #token = '';
  /** What was asked of the subscription and has not come. */
  #next: Promise<IteratorResult<StreamMessage | Fields>> | undefined;
  #end: Fields | undefined;

  constructor(client: Client, command: Fields) {
    const names = ['prefixes', 'tags', 'keys', 'causes', 'includeOwn', 'resumeToken', 'progressIntervalMs'];
    const onState = (state: StreamState): number => this.#states.push(state);
    this.#subscription = client.subscribe({ ...given(command, ...names), onState } as SubscribeOptions);
    const view = command['view'] === 'changes' ? this.#subscription.changes : this.#subscription.messages;
    this.#messages = (view as AsyncIterable<StreamMessage>)[Symbol.asyncIterator]();
  }

  /** Returns the state now and all since the beginning. */
  state(): Fields {
    const token = (this.#left.length === 0 ? this.#token : '') || this.#subscription.token;
    return { state: this.#subscription.state, states: this.#states, token };
  }

  close(): void {
    this.#subscription.close();
  }

  /** Takes messages until enough of these kinds came. Throws a TimeoutError. */
  async take(command: Fields): Promise<Fields> {
    const {
      count = 1,
      of = ['event'],
      timeoutMs = 10_000,
    } = command as { count?: number; of?: string[]; timeoutMs?: number };
    const messages: Fields[] = [];
    const untilMs = performance.now() + timeoutMs;
    while (messages.length < count) {
      const message = await this.#takeOne(untilMs);
      const isWanted = of.includes(message['kind'] as string);
      if (isWanted) messages.push(message);
      else if (message['kind'] === 'end') throw new TimeoutError();
    }
    return { messages };
  }

  async #takeOne(untilMs: number): Promise<Fields> {
    for (;;) {
      const left = this.#left.shift() ?? this.#end;
      if (left !== undefined) return left;
      await this.#pull(untilMs);
    }
  }

  #heed(message: StreamMessage): void {
    this.#left.push(...messagesOf(message));
    this.#token = 'token' in message ? message.token : '';
  }

  async #pull(untilMs: number): Promise<void> {
    this.#next ??= this.#messages.next();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TimeoutError()), Math.max(0, untilMs - performance.now()));
    });
    try {
      const { done, value } = await Promise.race([this.#next, late]);
      this.#next = undefined;
      if (done) this.#end = { kind: 'end' };
      else this.#heed(value as StreamMessage);
    } catch (error) {
      if (error instanceof TimeoutError) throw error;
      this.#next = undefined;
      this.#end = { kind: 'end', error: errorOf(error as RepriseError) };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Returns a message, or a change of the other view, as answers write it. */
function messagesOf(message: StreamMessage | Fields): Fields[] {
  if (message['kind'] === 'events') return (message as unknown as { changes: Fields[] }).changes.map(eventOf);
  if ('cause' in message) return [eventOf(message as Fields)];
  return [message as Fields];
}

function eventOf(change: Fields): Fields {
  const { kind, ...fields } = change;
  return { ...fields, ...(kind === 'namespace' ? { wholeNamespace: true } : {}), kind: 'event' };
}
