import { limits } from '../base/limits.ts';
import type { Answer } from '../calls/answer.ts';
import type { AskOptions, ItemAnswer } from '../calls/ask.ts';
import { type Demand, strictest } from '../freshness/demand.ts';

/** What a batcher works with. */
export interface GetBatcherParts {
  readonly one: (key: string, demand: Demand, options: AskOptions) => Promise<Answer>;
  readonly many: (keys: readonly string[], demand: Demand, options: AskOptions) => Promise<ItemAnswer[]>;
  /** Calls back when the present tick of the event loop is over. */
  readonly afterTick: (callback: () => void) => void;
}

interface Waiting {
  readonly key: string;
  demand: Demand;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly answer: Promise<Answer>;
}

interface Group {
  readonly options: AskOptions;
  /** Two readers of one key share an answer, as fresh as both of them ask. */
  readonly byKey: Map<string, Waiting>;
}

/** Makes one BatchGet of the reads that are asked for in one tick of the event loop with the same options. */
export class GetBatcher {
  readonly #parts: GetBatcherParts;
  #groups = new Map<string, Group>();

  constructor(parts: GetBatcherParts) {
    this.#parts = parts;
  }

  /** Asks for one key, together with the others of this tick. A single one is a Get. */
  ask(key: string, demand: Demand, options: Omit<AskOptions, 'signal'>): Promise<Answer> {
    if (this.#groups.size === 0) this.#parts.afterTick(() => this.#flush());
    const { byKey } = this.#groupOf(options);
    const other = byKey.get(key);
    if (other !== undefined) other.demand = strictest([other.demand, demand]);
    const waiting = other ?? newWaiting(key, demand);
    byKey.set(key, waiting);
    return waiting.answer;
  }

  #groupOf({ allowStale = false, withTags = false, timeoutMs }: AskOptions): Group {
    const name = `${allowStale} ${withTags} ${timeoutMs}`;
    const group = this.#groups.get(name) ?? { options: { allowStale, withTags, timeoutMs }, byKey: new Map() };
    this.#groups.set(name, group);
    return group;
  }

  #flush(): void {
    const groups = this.#groups;
    this.#groups = new Map();
    for (const { options, byKey } of groups.values()) {
      for (const batch of batchesOf([...byKey.values()])) void this.#send(batch, options);
    }
  }

  async #send(batch: readonly Waiting[], options: AskOptions): Promise<void> {
    try {
      const [first] = batch;
      if (batch.length === 1) return first!.resolve(await this.#parts.one(first!.key, first!.demand, options));
      const keys = batch.map(({ key }) => key);
      const answers = await this.#parts.many(keys, strictest(batch.map(({ demand }) => demand)), options);
      for (const [place, waiting] of batch.entries()) settle(waiting, answers[place]!);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
    }
  }
}

function newWaiting(key: string, demand: Demand): Waiting {
  let settlers: Pick<Waiting, 'resolve' | 'reject'> | undefined;
  const answer = new Promise<Answer>((resolve, reject) => {
    settlers = { resolve, reject };
  });
  return { key, demand, answer, ...settlers! };
}

function settle(waiting: Waiting, answer: ItemAnswer): void {
  if (answer.kind === 'error') waiting.reject(answer.error);
  else waiting.resolve(answer);
}

/** Splits what waits, so that no batch has too many keys, or tokens, or makes others read past every tier. */
function batchesOf(waiting: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = [];
  let batch: Waiting[] = [];
  for (const next of waiting) {
    if (batch.length === limits.autoBatchMax || (batch.length > 0 && !agrees(batch, next))) batch = [];
    if (batch.length === 0) batches.push(batch);
    batch.push(next);
  }
  return batches;
}

function agrees(batch: readonly Waiting[], { demand }: Waiting): boolean {
  if (batch[0]!.demand.latest !== demand.latest) return false;
  const tokens = new Set(batch.flatMap((waiting) => [...waiting.demand.asked, ...waiting.demand.own]));
  for (const token of [...demand.asked, ...demand.own]) tokens.add(token);
  return tokens.size <= limits.readTokensMax;
}
