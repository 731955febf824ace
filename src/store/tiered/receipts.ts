import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import { pause } from '../../base/pause.ts';
import type { Partition } from '../../cache/rules/position.ts';
import { isSettled, leastState, mayLackNodes, nodeState, type ReceiptGoal } from '../../cache/rules/receipt.ts';
import type { Placed } from '../../cache/rules/token.ts';
import type { PartitionStore, ToldNodes } from '../partition-store.ts';
import type { NodeReceipt, ReceiptWish } from '../receipt.ts';
import { NextRun } from './next-run.ts';
import type { PartitionView } from './partition-view.ts';
import { askProven } from './proven.ts';

/** What receipts are made with. */
export interface ReceiptParts {
  readonly partitions: PartitionStore;
  readonly clock: Clock;
  readonly viewOf: (partition: Partition) => PartitionView;
  readonly proofAgeMsMax: number;
}

/** Milliseconds between asking the nodes and looking how far they are: at first, and after some looks in vain. */
const PAUSE_MS_MIN = 1;
const PAUSE_MS_MAX = 100;

/** A node of one partition, as far as it has come there. */
interface Standing extends NodeReceipt {
  readonly id: string;
}

/** Nodes that may be there and that a partition does not know of. */
const UNKNOWN: Standing = { id: '', name: '', state: 'behind', silentMs: 0 };

/** How long is waited: until the signal is aborted, and `ended` resolves. */
interface Patience {
  readonly signal: AbortSignal;
  readonly ended: Promise<undefined>;
}

/** What all looks at one partition share. */
interface Looks {
  readonly look: NextRun<ToldNodes>;
  readonly ask: NextRun<void>;
}

/**
 * Finds out how far the nodes of a fleet have come with a change: rings so that they send a heartbeat, and looks at what
 * they registered with it, until there is nobody left to wait for.
 */
export class Receipts {
  readonly #parts: ReceiptParts;
  readonly #looks = new Map<Partition, Looks>();

  constructor(parts: ReceiptParts) {
    this.#parts = parts;
  }

  /** See `ReceiptStore.receipt`. */
  async receipt({ moment, goal, withinMs, signal }: ReceiptWish): Promise<readonly NodeReceipt[]> {
    const over = new AbortController();
    const end = (): void => over.abort();
    const timer = this.#parts.clock.startTimer(Math.max(0, withinMs), end);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const ended = aborted(over.signal);
    try {
      const lists = await Promise.all(
        moment.map((placed) => this.#await(placed, goal, { signal: over.signal, ended })),
      );
      return merged(lists.flat(), goal);
    } finally {
      timer.stop();
      signal.removeEventListener('abort', end);
    }
  }

  /** Returns the nodes of one partition, once all have come so far, or as they stand when the time is over. */
  async #await(
    { partition, position }: Placed,
    goal: ReceiptGoal,
    { signal, ended }: Patience,
  ): Promise<readonly Standing[]> {
    const { clock, proofAgeMsMax } = this.#parts;
    const { look, ask } = this.#looksAt(partition);
    let known: readonly Standing[] = [UNKNOWN];
    for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      ask.answer().catch(ignoreOutage);
      await pause(pauseMs, { clock, signal });
      const told = await Promise.race([look.answer().catch(ignoreOutage), ended]);
      if (told !== undefined) known = standings(told, position, goal, proofAgeMsMax);
      if (signal.aborted || known.every(({ state }) => isSettled(state, goal))) return known;
    }
  }

  #looksAt(partition: Partition): Looks {
    const known = this.#looks.get(partition);
    if (known !== undefined) return known;
    const { partitions, clock, viewOf, proofAgeMsMax } = this.#parts;
    const question = () => ({ sentAtMs: clock.monotonicMs(), proofAgeMsMax });
    const looks: Looks = {
      // A deposed primary knows nobody who has gone on to the next one.
      look: new NextRun(() => askProven(viewOf(partition), question(), () => partitions.nodes(partition))),
      ask: new NextRun(() => partitions.askNodes(partition)),
    };
    this.#looks.set(partition, looks);
    return looks;
  }
}

function standings(
  { chain, nodes, listAgeMs }: ToldNodes,
  target: Placed['position'],
  goal: ReceiptGoal,
  ownTrustedMs: number,
): readonly Standing[] {
  const listed = nodes.map((node) => {
    const { id, name, silentMs } = node;
    return { id, name, silentMs, state: nodeState(chain, target, goal, node) };
  });
  const trustedMsMax = Math.max(ownTrustedMs, ...nodes.map(({ trustedMs }) => trustedMs));
  return mayLackNodes(listAgeMs, trustedMsMax) ? [...listed, UNKNOWN] : listed;
}

/** Returns one receipt a node: where it stands on several partitions, the least far, and the longest silence. */
function merged(standing: readonly Standing[], goal: ReceiptGoal): readonly NodeReceipt[] {
  const byNode = Map.groupBy(standing, ({ id }) => id);
  const receipts = [...byNode.values()].map((own) => ({
    name: own[0]!.name,
    state: leastState(
      own.map(({ state }) => state),
      goal,
    ),
    silentMs: Math.max(...own.map(({ silentMs }) => silentMs)),
  }));
  return receipts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** While the store can't be asked, nothing more is known; it may come back before the time is over. */
function ignoreOutage(failure: unknown): undefined {
  if (!(failure instanceof OperatingError)) throw failure;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
