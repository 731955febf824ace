// How fresh a near cache is, as pure logic over instants that the caller brings. Nothing is imported here, so that a
// simulation can run it.

/** A question of how far the history has come. */
export interface HeadQuestion {
  /** Monotonic instant at which it was sent, in milliseconds. */
  readonly sentMs: number;
  /** The head whose coverage it asks for. */
  readonly earlier: AwaitedHead | undefined;
  /** Which life of the stream it belongs to: a Reset begins another. */
  readonly life: number;
}

/** A head that the stream has yet to reach. */
export interface AwaitedHead {
  readonly head: string;
  /** The head stands after everything that was acknowledged before this instant. */
  readonly upToMs: number;
}

/** The answer to a question. */
export interface HeadAnswer {
  readonly head: string;
  /** How old the head was when it was told, counted from before the question was sent. */
  readonly ageMs: number;
  /** True if the stream had told everything up to the head that was asked for. */
  readonly covered: boolean;
}

/**
 * Knows up to which instant a near cache has been told everything that was acknowledged.
 *
 * A head stands after all that was acknowledged before (its question was sent − its age). When a later answer says that
 * the stream has told everything up to that head, the near cache is proven up to that instant. Then the newest head is
 * awaited. One that is not covered stays awaited until it is older than `maxLagMs`, when it would prove nothing any more.
 *
 * Answers may come in any order, or never.
 */
export class Proof {
  readonly #maxLagMs: number;
  #awaited: AwaitedHead | undefined;
  #provenUpToMs = Number.NEGATIVE_INFINITY;
  #life = 0;

  constructor(maxLagMs: number) {
    this.#maxLagMs = maxLagMs;
  }

  /** Everything acknowledged before this monotonic instant has been told. */
  get provenUpToMs(): number {
    return this.#provenUpToMs;
  }

  /** True if nothing acknowledged more than `maxLagMs` ago can be missing. */
  holds(nowMs: number): boolean {
    return nowMs - this.#provenUpToMs <= this.#maxLagMs;
  }

  /** Returns the question to send now, together with the stream's newest token. */
  ask(nowMs: number): HeadQuestion {
    return { sentMs: nowMs, earlier: this.#awaited, life: this.#life };
  }

  /** Takes an answer. Returns true if the near cache is now proven up to a later instant. */
  answered(question: HeadQuestion, answer: HeadAnswer, nowMs: number): boolean {
    if (question.life !== this.#life) return false;
    const { earlier } = question;
    const proved = answer.covered && earlier !== undefined && earlier.upToMs > this.#provenUpToMs;
    if (proved) this.#provenUpToMs = earlier.upToMs;
    if (this.#isSpent(nowMs)) this.#awaitNewer({ head: answer.head, upToMs: question.sentMs - answer.ageMs });
    return proved;
  }

  /** The stream may have missed something: what was proven counts no more. */
  reset(): void {
    this.#awaited = undefined;
    this.#provenUpToMs = Number.NEGATIVE_INFINITY;
    this.#life++;
  }

  /** True if the awaited head has nothing more to prove. */
  #isSpent(nowMs: number): boolean {
    const awaited = this.#awaited;
    return awaited === undefined || awaited.upToMs <= this.#provenUpToMs || nowMs - awaited.upToMs > this.#maxLagMs;
  }

  #awaitNewer(next: AwaitedHead): void {
    if (this.#awaited === undefined || next.upToMs > this.#awaited.upToMs) this.#awaited = next;
  }
}
