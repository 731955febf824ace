import { type Address, addressText } from './address.ts';
import { type ClusterView, ownerOf, ownersOf, readClusterSlots } from './cluster-view.ts';
import { Line, type LineParts } from './connection/line.ts';
import { LINK_DEFAULTS, type LinkOptions, URGENT_WATCH_MS } from './link-options.ts';
import { accessOf } from './link-parts.ts';
import { majority } from './majority.ts';
import type { RedisFailure } from './redis-failure.ts';
import { Rounds } from './rounds.ts';

/** Whoever wants to know what the nodes of a cluster say. */
export interface ClusterAsker {
  /** All primaries that are used are connected: nothing is urgent. */
  isWell(): boolean;
  /** A round is over; this is what the primaries agree on, if they do. */
  onRound(agreed: ClusterView | undefined): void;
  /** A node can be asked now. */
  onReady(server: string): void;
  /** No node can be asked; why the last one could not. */
  onLost(failure: RedisFailure): void;
}

// What a node said last, and when it was asked.
interface Opinion {
  readonly view: ClusterView;
  readonly askedMs: number;
}

/** Who serves a slot, and how many milliseconds ago more than half were asked who say so. */
export interface OwnerInForce {
  readonly owner: Address;
  readonly ageMs: number;
}

// What one primary says of a slot.
interface Vote {
  readonly owner: Address | undefined;
  readonly askedMs: number;
}

const voteText = ({ owner }: Vote): string => (owner === undefined ? '' : addressText(owner));

// A node that is slow is not waited for: it would hold up what the others know, and with that all permits.
const ANSWER_MS_MAX = 250;

/**
 * Asks the nodes of a cluster who serves which slots: regularly, and at once when something changed. The nodes of the URL
 * and the primaries are asked; primaries decide, since it is they who elect.
 */
export class ClusterWatch {
  readonly #options: LinkOptions;
  readonly #asker: ClusterAsker;
  readonly #seeds: readonly Address[];
  readonly #lines = new Map<string, { readonly address: Address; readonly line: Line }>();
  readonly #opinions = new Map<string, Opinion>();
  readonly #rounds: Rounds;
  #agreed: ClusterView | undefined;

  /** Begins to connect. */
  constructor(seeds: readonly Address[], options: LinkOptions, asker: ClusterAsker) {
    this.#seeds = seeds;
    this.#options = options;
    this.#asker = asker;
    this.#rounds = new Rounds(options.clock, {
      ask: () => this.#ask(),
      intervalMs: () => (asker.isWell() ? (options.watchIntervalMs ?? LINK_DEFAULTS.watchIntervalMs) : URGENT_WATCH_MS),
    });
    this.#askThese(seeds);
    this.#rounds.now();
  }

  /** What more than half of the primaries agreed on last. */
  get agreed(): ClusterView | undefined {
    return this.#agreed;
  }

  /**
   * Returns who serves a slot in the opinion of more than half of all primaries that are known of, asked lately.
   * Deliberate: not of those that can be reached, or a few that were cut off together with this node would do.
   */
  ownerInForce(slot: number): OwnerInForce | undefined {
    if (this.#agreed === undefined) return undefined;
    const primaries = [...ownersOf(this.#agreed).keys()];
    const answers = primaries.map((primary): Vote => {
      const opinion = this.#recent(primary);
      return { owner: opinion && ownerOf(opinion.view, slot), askedMs: opinion?.askedMs ?? 0 };
    });
    const owner = majority(answers, voteText)?.owner;
    if (owner === undefined) return undefined;
    // As of the time since which more than half say so, not of the slowest among them.
    const askedMs = answers.filter((vote) => voteText(vote) === addressText(owner)).map((vote) => vote.askedMs);
    const sinceMs = askedMs.sort((a, b) => b - a)[Math.floor(answers.length / 2)]!;
    return { owner, ageMs: this.#options.clock.monotonicMs() - sinceMs };
  }

  /** Asks now. */
  ask(): void {
    this.#rounds.now();
  }

  close(): void {
    this.#rounds.stop();
    for (const { line } of this.#lines.values()) line.close();
  }

  async #ask(): Promise<void> {
    const askedMs = this.#options.clock.monotonicMs();
    const asked = [...this.#lines].map(async ([node, { address, line }]) => {
      const reply = await line.send('cluster', ['slots']);
      if (reply.kind !== 'answer') return;
      this.#opinions.set(node, { view: readClusterSlots(reply.value, address), askedMs });
    });
    await Promise.all(asked);
    if (this.#rounds.stopped) return;
    const agreed = this.#agreement(askedMs);
    if (agreed !== undefined) {
      this.#agreed = agreed;
      this.#askThese([...this.#seeds, ...ownersOf(agreed).values()]);
    }
    this.#asker.onRound(agreed);
  }

  // Of the primaries; of all nodes only at first, and when none of the primaries that were known answers any more.
  #agreement(askedMs: number): ClusterView | undefined {
    const fresh = [...this.#opinions].filter(([, opinion]) => opinion.askedMs === askedMs);
    const primaries = this.#agreed === undefined ? undefined : ownersOf(this.#agreed);
    const voters = fresh.filter(([node]) => primaries?.has(node));
    const views = (voters.length > 0 ? voters : fresh).map(([, { view }]) => view);
    const agreed = majority(views, ({ text }) => text);
    return agreed === undefined || agreed.ranges.length === 0 ? undefined : agreed;
  }

  #recent(node: string): Opinion | undefined {
    const opinion = this.#opinions.get(node);
    if (opinion === undefined) return undefined;
    const ageMs = this.#options.clock.monotonicMs() - opinion.askedMs;
    return ageMs > (this.#options.opinionAgeMsMax ?? LINK_DEFAULTS.opinionAgeMsMax) ? undefined : opinion;
  }

  #askThese(addresses: readonly Address[]): void {
    const wanted = new Map(addresses.map((address) => [addressText(address), address]));
    for (const [node, { line }] of this.#lines) {
      if (wanted.has(node)) continue;
      line.close();
      this.#lines.delete(node);
      this.#opinions.delete(node);
    }
    for (const [node, address] of wanted) {
      if (!this.#lines.has(node)) this.#lines.set(node, { address, line: this.#open(address) });
    }
  }

  #open(address: Address): Line {
    const { clock, random, url } = this.#options;
    const access = accessOf(this.#options, url.login);
    const parts: LineParts = { clock, random, access, name: 'cluster', database: 0, commandTimeoutMs: ANSWER_MS_MAX };
    return new Line(address, parts, {
      // Any node will do: at first nobody knows who is primary.
      refuse: () => undefined,
      onReady: ({ greeting }) => {
        this.#asker.onReady(greeting.server);
        this.#rounds.now();
      },
      onLost: (failure) => {
        if ([...this.#lines.values()].every(({ line }) => line.ready === undefined)) this.#asker.onLost(failure);
      },
    });
  }
}
