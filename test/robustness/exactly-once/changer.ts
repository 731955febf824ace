import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import type { Condition } from '../../../src/gen/reprise/v1/entry.ts';
import { onlyIf, resultOf, textValue } from '../../support/cache-calls.ts';
import type { RetryingCaller } from '../../support/retrying-caller.ts';

/** Whether a try has the request id of the tries before it, as it should, or a new one, which is the control. */
export type RequestIds = 'same' | 'new';

/** One caller of a run: what it asked for, and what it was told. */
export class Changer {
  readonly caller: RetryingCaller;
  readonly register: string;
  readonly #name: string;
  readonly #requestIds: RequestIds;
  /** Of each counter, the sums that were answered. */
  readonly sums = new Map<string, bigint[]>();
  /** Changes that were answered as made: increments, and Sets of any key. */
  made = 0;
  /** Sets of the register that were answered as stored. */
  stored = 0;
  /** Sets whose condition held and that were answered as not stored. */
  refused = 0;
  #revision = '';
  #changes = 0;

  constructor(caller: RetryingCaller, name: string, requestIds: RequestIds) {
    this.caller = caller;
    this.register = `register ${name}`;
    this.#name = name;
    this.#requestIds = requestIds;
  }

  /** Adds one to a counter that others change, too. */
  async increment(counter: string): Promise<void> {
    const id = this.#nextId();
    for (;;) {
      const result = resultOf(
        await this.caller.call(CacheServiceService.increment, (tries) => ({
          key: counter,
          delta: 1n,
          requestId: this.#idOf(id, tries),
        })),
      );
      // Others were quicker five times: nothing was changed.
      if (result.$case === 'notIncremented') continue;
      const sums = this.sums.get(counter) ?? [];
      sums.push(result.value.value);
      this.sums.set(counter, sums);
      this.made++;
      return;
    }
  }

  /** Sets the register, which is this caller's alone, to its next value if it is what this caller made it last. */
  async setRegister(): Promise<void> {
    const condition = this.#revision === '' ? ABSENT : onlyIf({ $case: 'revision', value: this.#revision });
    const revision = await this.#set(this.register, `${this.stored + 1}`, condition);
    if (revision === undefined) return;
    this.stored++;
    this.#revision = revision;
  }

  /** Sets a key that nobody has set. */
  async setAbsent(): Promise<void> {
    await this.#set(`absent ${this.#name} ${this.#changes}`, 'v', ABSENT);
  }

  /** Returns the revision; `undefined` if it was refused: the caller is told, and takes what is there. */
  async #set(key: string, text: string, condition: Condition): Promise<string | undefined> {
    const id = this.#nextId();
    const requestOf = (tries: number) => ({
      key,
      content: textValue(text),
      condition,
      requestId: this.#idOf(id, tries),
    });
    const result = resultOf(await this.caller.call(CacheServiceService.set, requestOf));
    if (result.$case === 'stored') {
      this.made++;
      return result.value.revision;
    }
    this.refused++;
    if (key === this.register) this.#revision = result.value.revision;
    return undefined;
  }

  #nextId(): string {
    return `${this.#name} ${this.#changes++}`;
  }

  #idOf(id: string, tries: number): string {
    return this.#requestIds === 'same' ? id : `${id} ${tries}`;
  }
}

const ABSENT = onlyIf({ $case: 'absent', value: {} });
