import type { Clock, Timer } from '../../base/clock.ts';

/** What is repeated. */
export interface Round {
  /** Asks once. Must not throw. */
  ask(): Promise<void>;
  /** Milliseconds from the end of a round to the next. */
  intervalMs(): number;
}

/** Asks again and again, one round at a time, and at once when somebody is in a hurry. */
export class Rounds {
  readonly #clock: Clock;
  readonly #round: Round;
  #timer: Timer | undefined;
  #state: 'waiting' | 'asking' | 'asking-and-once-more' | 'stopped' = 'waiting';

  /** The first round begins when somebody calls `now`. */
  constructor(clock: Clock, round: Round) {
    this.#clock = clock;
    this.#round = round;
  }

  /** No answer counts any more, not even of a round on its way. */
  get stopped(): boolean {
    return this.#state === 'stopped';
  }

  /** Begins a round now; if one is on its way, whose answers may be too old, another one right after it. */
  now(): void {
    if (this.#state === 'asking') this.#state = 'asking-and-once-more';
    if (this.#state === 'waiting') void this.#run();
  }

  /** No round begins after this. */
  stop(): void {
    this.#state = 'stopped';
    this.#timer?.stop();
  }

  async #run(): Promise<void> {
    this.#timer?.stop();
    this.#state = 'asking';
    await this.#round.ask();
    const { state } = this.#takeState();
    if (state === 'stopped') return;
    if (state === 'asking-and-once-more') return this.#run();
    this.#timer = this.#clock.startTimer(this.#round.intervalMs(), () => void this.#run());
  }

  // Read after waiting: somebody else may have changed it meanwhile.
  #takeState(): { state: string } {
    const state = this.#state;
    if (state !== 'stopped') this.#state = 'waiting';
    return { state };
  }
}
