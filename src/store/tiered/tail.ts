import type { EpochChain } from '../../cache/rules/epoch-chain.ts';
import { epochStep } from '../../cache/rules/epoch-step.ts';
import { survivesFork } from '../../cache/rules/fork.ts';
import { logStep } from '../../cache/rules/log-step.ts';
import { judge } from '../../cache/rules/visibility.ts';
import { changedKey } from '../changed-key.ts';
import type { Told } from '../partition-store.ts';
import type { Change, News, StoredEntry } from '../store.ts';
import type { Home } from './home.ts';
import type { PartitionView } from './partition-view.ts';
import { recentKey } from './recent-key.ts';

/** What a tail works with. */
export interface TailParts {
  readonly view: PartitionView;
  /** The namespaces that have keys on the partition. */
  readonly homes: () => Iterable<Home>;
  /** The namespace, if it is open. */
  readonly homeOf: (change: Change) => Home | undefined;
  readonly tell: (news: News) => void;
  readonly monotonicMs: () => number;
}

/** A page of the log, and what was asked for. */
export interface AskedPage {
  /** The history that was followed when it was asked for. */
  readonly chain: EpochChain | undefined;
  readonly after: number;
}

/** A page of the log as the store told it. */
export interface ToldPage extends Told {
  readonly inForce: boolean;
  readonly changes: readonly Change[];
}

/**
 * Follows the log of one partition: applies its changes in order to L1, to the watermarks and to the memory of recent
 * changes, and tells them. What comes by doorbells is only taken if it is the very next change; pages repair the rest.
 */
export class Tail {
  readonly #parts: TailParts;

  constructor(parts: TailParts) {
    this.#parts = parts;
  }

  /** Takes a change that rang. Returns false if changes before it are missing: then a page must be asked for. */
  ring(change: Change): boolean {
    const { view } = this.#parts;
    const { epoch, number } = change.position;
    if (epoch === view.chain?.epoch && number === view.applied + 1) this.#apply(change);
    return epoch === view.chain?.epoch && number <= view.applied;
  }

  /** Takes a page of the log: goes on, follows a fork, or begins anew. */
  takePage(asked: AskedPage, told: ToldPage): void {
    const { chain } = this.#parts.view;
    if (chain === undefined) {
      if (told.inForce) this.#restart(told);
      return;
    }
    const step = epochStep(chain, told.chain);
    switch (step.kind) {
      case 'same':
        // Deliberate: numbers of an epoch that ended meanwhile are not those of the page.
        if (asked.chain?.epoch === chain.epoch) this.#takeChanges(asked.after, told);
        return;
      case 'forked':
        this.#fork(told.chain, step.fork);
        return;
      case 'older':
        return;
      case 'unrelated':
        if (told.inForce) this.#restart(told);
        return;
    }
  }

  #takeChanges(after: number, told: ToldPage): void {
    const { view } = this.#parts;
    const [first, last] = [told.changes[0], told.changes.at(-1)];
    const numbers = first && last && { first: first.position.number, last: last.position.number };
    switch (logStep(view.applied, { after, numbers, head: told.head })) {
      case 'apply':
        for (const change of told.changes) if (change.position.number > view.applied) this.#apply(change);
        return;
      case 'hole':
        this.#restart(told);
        return;
      case 'nothing':
        return;
    }
  }

  #apply(change: Change): void {
    const { view, homeOf, tell, monotonicMs } = this.#parts;
    const nowMs = view.nowMs(monotonicMs());
    const home = homeOf(change);
    const key = changedKey(change);
    if (key !== undefined && !isMark(change)) {
      home?.tier.drop(key, change.position.number, nowMs);
      view.recent.note(recentKey(change.namespaceId, key), change.position.number);
    } else {
      home?.watermarks.raise(change, nowMs);
    }
    view.note(change);
    tell({ kind: 'changed', change });
  }

  /** Follows a fork: keeps what both histories share. */
  #fork(chain: EpochChain, fork: number): void {
    const { view, homes, tell } = this.#parts;
    this.#dropWhere((number) => !survivesFork(number, fork));
    for (const home of homes()) if (home.control === view) home.watermarks.forked();
    const shared = view.fork(chain, fork);
    tell({ kind: 'forked', partition: view.partition, epoch: chain.epoch, fork: shared });
  }

  /** Gives the history up and takes the log's head as its own. Nothing that was cached is kept. */
  #restart({ chain, head }: Told): void {
    const { view, homes, tell } = this.#parts;
    const known = view.chain !== undefined;
    this.#dropWhere(() => true);
    for (const home of homes()) if (home.control === view) this.#clear(home);
    view.restart(chain, head);
    const position = { epoch: chain.epoch, number: head };
    if (known) tell({ kind: 'restarted', partition: view.partition, position });
  }

  #clear(home: Home): void {
    home.watermarks.clear();
    home.tier.dropWhere(() => true, this.#parts.view.nowMs(this.#parts.monotonicMs()));
  }

  #dropWhere(picked: (number: number) => boolean): void {
    const { view, homes, monotonicMs } = this.#parts;
    const nowMs = view.nowMs(monotonicMs());
    for (const home of homes()) {
      // Deliberate: the number first. To find the partition of every key that is held would take seconds.
      home.tier.dropWhere((key, number) => picked(number) && home.viewOf(key) === view, nowMs);
    }
  }
}

/** Drops what a namespace's watermarks hide or mark, before another table that may have forgotten them takes over. */
export function sweepTier(home: Home, nowMs: number): void {
  const control = home.watermarks.last;
  if (control === undefined) return;
  const isHidden = (entry: StoredEntry): boolean => judge(control, entry.stamp, entry) !== 'visible';
  home.tier.dropWhere((_key, _number, entry) => entry !== undefined && isHidden(entry), nowMs);
}

/** Tells whether a change of one key only marks its entry stale: a watermark, which leaves the entry where it is. */
function isMark(change: Change): boolean {
  return change.kind === 'invalidate' && change.mode === 'mark-stale';
}
