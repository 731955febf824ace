import { type Address, addressText, sameAddress } from './address.ts';
import type { ConnectionParts } from './connection/connection.ts';
import { Line, type LineParts } from './connection/line.ts';
import { LINK_DEFAULTS, type LinkOptions, URGENT_WATCH_MS } from './link-options.ts';
import { accessOf } from './link-parts.ts';
import { majority } from './majority.ts';
import type { RedisFailure } from './redis-failure.ts';
import type { Login } from './redis-url-parts.ts';
import { Rounds } from './rounds.ts';
import { primaryNamed, type SentinelPlaces, sentinelLogins } from './sentinel-question.ts';

/** Whoever wants to know what the Sentinels say. */
export interface SentinelAsker {
  /** The primary that is used is connected, as far as its user can tell: nothing is urgent. */
  isWell(): boolean;
  /** The Sentinels name this primary, who was not named before. */
  onPrimary(address: Address): void;
  /** A Sentinel can be asked now. */
  onReady(server: string): void;
  /** No Sentinel can be asked; why the last one could not. */
  onLost(failure: RedisFailure): void;
}

/** Whom the Sentinels named, and how many milliseconds ago they were asked. */
export interface SentinelOpinion {
  readonly address: Address;
  readonly ageMs: number;
}

const textOf = (address: Address | undefined): string => (address === undefined ? '' : addressText(address));

// A Sentinel that is slow is not waited for: it would hold up what the others know, and with that all permits.
const ANSWER_MS_MAX = 250;

/**
 * Asks the Sentinels who is primary: regularly, and at once when a connection was lost. More than half of those that
 * answer decide, so that one that was cut off and missed a failover does not.
 */
export class SentinelWatch {
  readonly #options: LinkOptions;
  readonly #asker: SentinelAsker;
  readonly #primaryName: string;
  readonly #lines: Line[];
  readonly #rounds: Rounds;
  #named: Address | undefined;
  // What they said last, and when they were asked; nothing while they are split.
  #opinion: { readonly address: Address | undefined; readonly askedMs: number } | undefined;

  /** Begins to connect. */
  constructor({ sentinels, primaryName }: SentinelPlaces, options: LinkOptions, asker: SentinelAsker) {
    this.#options = options;
    this.#asker = asker;
    this.#primaryName = primaryName;
    this.#rounds = new Rounds(options.clock, {
      ask: () => this.#ask(),
      intervalMs: () => (asker.isWell() ? (options.watchIntervalMs ?? LINK_DEFAULTS.watchIntervalMs) : URGENT_WATCH_MS),
    });
    this.#lines = sentinels.map((address, index) => this.#open(address, index, sentinelLogins(options)));
    this.#rounds.now();
  }

  /** Whom the Sentinels named when they were asked lately; `undefined` if they don't agree, or nobody could be asked. */
  get opinion(): SentinelOpinion | undefined {
    if (this.#opinion === undefined) return undefined;
    const { address, askedMs } = this.#opinion;
    const ageMs = this.#options.clock.monotonicMs() - askedMs;
    const old = ageMs > (this.#options.opinionAgeMsMax ?? LINK_DEFAULTS.opinionAgeMsMax);
    return old || address === undefined ? undefined : { address, ageMs };
  }

  /** Asks now. */
  ask(): void {
    this.#rounds.now();
  }

  close(): void {
    this.#rounds.stop();
    for (const line of this.#lines) line.close();
  }

  async #ask(): Promise<void> {
    const askedMs = this.#options.clock.monotonicMs();
    const answers: (Address | undefined)[] = [];
    const asked = this.#lines.map(async (line) => {
      const answer = await primaryNamed(line, this.#primaryName);
      if (answer.kind !== 'failed') answers.push(answer.kind === 'named' ? answer.address : undefined);
      // As soon as none of the others can change it: waiting for a slow one would age the opinion, and with it all permits.
      const others = Array.from({ length: this.#lines.length - answers.length }, () => undefined);
      const decided = majority([...answers, ...others], textOf);
      if (decided !== undefined) this.#conclude(decided, askedMs);
    });
    await Promise.all(asked);
    if (answers.length > 0) this.#conclude(majority(answers, textOf), askedMs);
  }

  #conclude(address: Address | undefined, askedMs: number): void {
    if (this.#rounds.stopped) return;
    this.#opinion = { address, askedMs };
    if (address === undefined || sameAddress(address, this.#named)) return;
    this.#named = address;
    this.#asker.onPrimary(address);
  }

  #open(address: Address, index: number, [login, ...others]: readonly (Login | undefined)[]): Line {
    const line: Line = new Line(address, this.#parts(login), {
      refuse: () => undefined,
      onReady: ({ greeting }) => {
        this.#asker.onReady(greeting.server);
        this.#rounds.now();
      },
      onLost: (failure) => {
        if (others.length > 0 && failure.code === 'WRONGPASS') {
          line.close();
          this.#lines[index] = this.#open(address, index, others);
        } else if (this.#lines.every(({ ready }) => ready === undefined)) this.#asker.onLost(failure);
      },
    });
    return line;
  }

  #parts(login: Login | undefined): LineParts {
    const { clock, random } = this.#options;
    const connection: ConnectionParts = {
      clock,
      access: accessOf(this.#options, login),
      name: 'sentinel',
      database: 0,
      commandTimeoutMs: ANSWER_MS_MAX,
    };
    return { ...connection, random };
  }
}
