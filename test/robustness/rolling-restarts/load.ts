import type { Client } from '@grpc/grpc-js';
import { systemClock } from '../../../src/base/clock.ts';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { backOff } from '../../support/back-off.ts';
import { textValue } from '../../support/cache-calls.ts';
import { RetryingCaller } from '../../support/retrying-caller.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { Changer } from '../exactly-once/changer.ts';

const CALLERS = 8;
const COUNTERS = 4;

/** Milliseconds between two calls of a caller, and between two of the changes that are followed. */
const BREATH_MS = 10;

/** Callers that read and change through several nodes all the time, until they are stopped. */
export class Load {
  readonly changers: readonly Changer[];
  readonly #random: SeededRandom;
  readonly #teller: RetryingCaller;
  readonly #namespace: string;
  readonly #loops: Promise<void>[];
  /** Calls that failed so that they may not be tried again, or failed for too long; in words. */
  readonly failures: string[] = [];
  /** The longest time that a call took with all its tries, in milliseconds. */
  longestMs = 0;
  /** Keys `k0`, `k1`, … that were set one after the other in the namespace that is followed. */
  told = 0;
  #stopped = false;

  /** Begins. */
  constructor(clients: readonly Client[], random: SeededRandom, namespace: string) {
    this.#random = random;
    this.#namespace = namespace;
    this.#teller = new RetryingCaller(clients, random);
    this.changers = Array.from({ length: CALLERS }, (_, index) => {
      return new Changer(new RetryingCaller(clients, random, index), `${index}`, 'same');
    });
    const turns = this.changers.map((changer) => () => this.#callOnce(changer));
    this.#loops = [...turns, () => this.#tellOnce()].map((turn) => this.#repeat(turn));
  }

  /** What all callers went through, added up. */
  get counts(): RetryingCaller['counts'] {
    const all = [this.#teller, ...this.changers.map(({ caller }) => caller)].map(({ counts }) => counts);
    const sum = (name: keyof RetryingCaller['counts']): number => all.reduce((total, each) => total + each[name], 0);
    return {
      answered: sum('answered'),
      resolved: sum('resolved'),
      unknown: sum('unknown'),
      unavailable: sum('unavailable'),
      cut: sum('cut'),
    };
  }

  /** Stops after the calls that are under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #repeat(turn: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const beganMs = systemClock.monotonicMs();
      try {
        await turn();
      } catch (failure) {
        this.failures.push(String(failure));
      }
      this.longestMs = Math.max(this.longestMs, systemClock.monotonicMs() - beganMs);
      await backOff(BREATH_MS);
    }
  }

  async #callOnce(changer: Changer): Promise<void> {
    if (this.#random.chance(0.5)) {
      await changer.caller.call(CacheServiceService.get, () => ({ key: changer.register }));
      return;
    }
    if (this.#random.chance(0.5)) await changer.increment(`counter ${this.#random.below(COUNTERS)}`);
    else await changer.setRegister();
  }

  async #tellOnce(): Promise<void> {
    const key = `k${this.told}`;
    const request = { namespace: this.#namespace, key, content: textValue('v'), requestId: key };
    await this.#teller.call(CacheServiceService.set, () => request);
    this.told++;
  }
}
