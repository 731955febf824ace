import { type ServiceError, status } from '@grpc/grpc-js';
import { CacheServiceService } from '../../../src/gen/reprise/v1/cache_service.ts';
import { resultOf } from '../../support/cache-calls.ts';
import type { SeededRandom } from '../../support/seeded-random.ts';
import { until } from '../../support/until.ts';
import { NAMESPACES } from './names.ts';
import { type MutationPlan, pickMutation } from './pick-mutation.ts';
import { sendMutation } from './send-mutation.ts';
import type { TestedServer } from './tested-server.ts';

/** Tokens that callers remember. */
const TOKENS_MAX = 200;
const GAVE_UP: readonly number[] = [status.CANCELLED, status.UNAVAILABLE];

/** One who makes one call after the other. */
export interface Caller {
  readonly random: SeededRandom;
  readonly calls: number;
  /** Default: any change. */
  readonly pick?: (random: SeededRandom) => MutationPlan;
  /** Default: all. */
  readonly namespaces?: readonly string[];
}

/** Callers that change things, each one call after the other. */
export class Traffic {
  readonly #tested: TestedServer;
  readonly #tokens: string[] = [];
  #isOver = false;

  constructor(tested: TestedServer) {
    this.#tested = tested;
  }

  /** True once nothing changes any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Nothing changes any more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Returns a token that some call was answered with lately; empty if there was none. */
  pickToken(random: SeededRandom): string {
    return this.#tokens.length === 0 ? '' : random.pick(this.#tokens);
  }

  /** Makes so many calls, most of them changes; gives one up now and then. */
  async run({ random, calls, pick = pickMutation, namespaces = NAMESPACES }: Caller): Promise<void> {
    for (let call = 0; call < calls; call++) {
      const namespace = random.pick(namespaces);
      if (random.chance(0.03)) await this.#miss(namespace);
      else await this.#change(pick(random), namespace, random.chance(0.03));
    }
  }

  /** Waits until so many more changes were made, or there are no more, or the condition holds. */
  async pass(changes: number, orUntil: () => boolean = () => false): Promise<void> {
    const { order } = this.#tested.recorder;
    const end = order.at + changes;
    const isDone = (): boolean => order.at >= end || this.#isOver || orUntil();
    await until(isDone, { what: `${changes} changes`, withinMs: 60_000 });
  }

  async #change(plan: MutationPlan, namespace: string, giveUp: boolean): Promise<void> {
    const server = await this.#tested.serving();
    const namespaceId = this.#tested.namespaceId(namespace);
    const answered = this.#tested.recorder.beginMutation({ ...plan, namespaceId });
    const leaving = new AbortController();
    if (giveUp) setImmediate(() => leaving.abort());
    await unlessGivenUp(async () => {
      const token = await sendMutation(plan, { server, namespace, signal: leaving.signal });
      answered(token);
      this.#remember(token);
    });
  }

  /** A miss has a token too. */
  async #miss(namespace: string): Promise<void> {
    const server = await this.#tested.serving();
    await unlessGivenUp(async () => {
      const result = resultOf(await server.call(CacheServiceService.get, { namespace, key: 'nobody' }));
      if (result.$case === 'miss') this.#remember(result.value.fence);
    });
  }

  #remember(token: string): void {
    if (token === '') return;
    this.#tokens.push(token);
    if (this.#tokens.length > TOKENS_MAX) this.#tokens.shift();
  }
}

async function unlessGivenUp(calling: () => Promise<void>): Promise<void> {
  try {
    await calling();
  } catch (error) {
    if (!GAVE_UP.includes((error as ServiceError).code)) throw error;
  }
}
