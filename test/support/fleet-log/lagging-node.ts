import type { EpochChain } from '../../../src/cache/rules/epoch-chain.ts';
import { epochStep } from '../../../src/cache/rules/epoch-step.ts';
import { clampToFork } from '../../../src/cache/rules/fork.ts';
import type { Moment } from '../../../src/cache/rules/moment.ts';
import type { Partition, Position } from '../../../src/cache/rules/position.ts';
import { type ResumeStep, resumeStep } from '../../../src/cache/rules/resume.ts';
import type { Placed } from '../../../src/cache/rules/token.ts';
import type { ChangeSource } from '../../../src/invalidation/change-source.ts';
import type { Change, NamespaceId, News } from '../../../src/store/store.ts';
import type { SharedLog } from './shared-log.ts';

/** What a node knows of one partition. */
interface View {
  chain: EpochChain;
  /** What was applied: the change with number n is at n − 1. */
  changes: readonly Change[];
  /** Changes up to this number can't be read any more. */
  floor: number;
  /** How often the tail was proven to be at the head. */
  proofs: number;
}

/**
 * A double of a fleet node's store, as far as the stream sees it: follows a shared log, as slowly as a test wants, and
 * tells what it finds there. Nothing happens by itself.
 */
export class LaggingNode implements ChangeSource {
  readonly #log: SharedLog;
  readonly #homes: ReadonlyMap<NamespaceId, readonly Partition[]>;
  readonly #views = new Map<Partition, View>();
  readonly #listeners = new Set<(news: News) => void>();
  readonly #waiting = new Set<() => void>();
  #held: (() => void)[] | undefined;
  #failure: Error | undefined;

  /** @param homes where namespaces live; the partitions are followed once `follow` says so */
  constructor(log: SharedLog, homes: ReadonlyMap<NamespaceId, readonly Partition[]>) {
    this.#log = log;
    this.#homes = homes;
  }

  /** Callers of `resumable` that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Pages that are on their way. */
  get pagesHeld(): number {
    return this.#held?.length ?? 0;
  }

  /** Begins to follow a partition where it is now. */
  follow(partition: Partition): void {
    const { chain, changes } = this.#log.history(partition);
    this.#views.set(partition, { chain, changes: [...changes], floor: 0, proofs: 1 });
  }

  /** Follows the log of a partition by so many changes, after a fork or a restart if there was one. */
  catchUp(partition: Partition, changesMax = Number.POSITIVE_INFINITY): void {
    const view = this.#view(partition);
    const { chain, changes } = this.#log.history(partition);
    const step = epochStep(view.chain, chain);
    if (step.kind === 'unrelated') this.miss(partition);
    else if (step.kind === 'forked') this.#fork(partition, chain, step.fork);
    for (const change of changes.slice(view.changes.length, view.changes.length + changesMax)) {
      view.changes = [...view.changes, change];
      this.#tell({ kind: 'changed', change });
    }
    if (view.changes.length === changes.length) view.proofs++;
    for (const look of [...this.#waiting]) look();
  }

  /** Goes to the head without knowing what came before. */
  miss(partition: Partition): void {
    const { chain, changes } = this.#log.history(partition);
    Object.assign(this.#view(partition), { chain, changes: [...changes] });
    this.#tell({ kind: 'restarted', partition, position: this.#log.head(partition) });
  }

  /** Forgets what it has applied but for the newest changes. */
  trim(partition: Partition, kept: number): void {
    const view = this.#view(partition);
    view.floor = Math.max(view.floor, view.changes.length - kept);
  }

  /** Keeps pages of the log on their way until `release`. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets the pages come that are on their way, and those after them at once. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const arrive of held) arrive();
  }

  /** Makes whoever asks fail from now on, until it is given `undefined`. */
  failWith(failure: Error | undefined): void {
    this.#failure = failure;
  }

  partitionsOf(namespaceId: NamespaceId): readonly Partition[] {
    return this.#homes.get(namespaceId)!;
  }

  chain(partition: Partition): EpochChain {
    return this.#view(partition).chain;
  }

  async heads(): Promise<Moment> {
    return [...this.#views].map(([partition, { chain, changes }]) => {
      return { partition, position: { epoch: chain.epoch, number: changes.length } };
    });
  }

  async resumable(moment: Moment, signal: AbortSignal): Promise<Moment | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const cameAt = new Map([...this.#views].map(([partition, { proofs }]) => [partition, proofs]));
    const answer = Promise.withResolvers<Moment | undefined>();
    const look = (): void => {
      const after = this.#judge(moment, cameAt);
      if (after === 'wait' && !signal.aborted) return;
      this.#waiting.delete(look);
      answer.resolve(after === 'wait' ? undefined : after);
    };
    this.#waiting.add(look);
    signal.addEventListener('abort', look);
    look();
    return answer.promise;
  }

  async changesSince(partition: Partition, number: number, changesMax: number): Promise<readonly Change[] | undefined> {
    if (this.#failure !== undefined) throw this.#failure;
    const { changes, floor } = this.#view(partition);
    if (this.#held !== undefined) await new Promise<void>((arrive) => this.#held?.push(arrive));
    return number < floor ? undefined : changes.slice(number, number + changesMax);
  }

  watch(listener: (news: News) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #fork(partition: Partition, chain: EpochChain, fork: number): void {
    const view = this.#view(partition);
    const shared = clampToFork(view.changes.length, fork);
    Object.assign(view, { chain, changes: view.changes.slice(0, shared), floor: Math.min(view.floor, shared) });
    this.#tell({ kind: 'forked', partition, epoch: chain.epoch, fork: shared });
  }

  #judge(moment: Moment, cameAt: ReadonlyMap<Partition, number>): Moment | undefined | 'wait' {
    const resumed: Placed[] = [];
    for (const { partition, position } of moment) {
      const view = this.#view(partition);
      const step = stepOf(view, position, view.proofs > (cameAt.get(partition) ?? 0));
      if (step.kind === 'wait') return 'wait';
      if (step.kind === 'reset') return undefined;
      resumed.push({ partition, position: { epoch: view.chain.epoch, number: step.number } });
    }
    return resumed;
  }

  #view(partition: Partition): View {
    return this.#views.get(partition)!;
  }

  #tell(news: News): void {
    for (const listener of this.#listeners) listener(news);
  }
}

function stepOf({ chain, changes }: View, position: Position, current: boolean): ResumeStep {
  const step = resumeStep({ chain, applied: changes.length, floor: 0, current }, position);
  return step.kind === 'wait' && current ? { kind: 'reset' } : step;
}
