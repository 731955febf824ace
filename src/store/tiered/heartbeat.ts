import type { Clock, Timer } from '../../base/clock.ts';
import { epochStep } from '../../cache/rules/epoch-step.ts';
import { provesTail } from '../../cache/rules/permit.ts';
import type { Beat, BeatAnswer } from '../partition-store.ts';
import { type NodeSelf, registrationOf } from './node-self.ts';
import type { PartitionView } from './partition-view.ts';
import type { AskedPage, Tail } from './tail.ts';

/** What was asked for, and by which heartbeat. */
interface Asked extends AskedPage {
  readonly beat: number;
}

/** Changes in one page of a log: a millisecond of work. */
const PAGE_CHANGES = 500;

/** Milliseconds between two heartbeats that others asked for, at least: many may ask. */
const ASKED_MS_MIN = 5;

/** What a heartbeat works with. */
export interface HeartbeatParts {
  readonly view: PartitionView;
  readonly tail: Tail;
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly self: NodeSelf;
  readonly ask: (beat: Beat) => Promise<BeatAnswer>;
  /** Called after an answer of the primary in force, with the monotonic time as of which it proves something. */
  readonly onProof: (answer: BeatAnswer, provenAtMs: number) => void;
  /** Called when the store could not be asked. */
  readonly onFailure: (cause: unknown) => void;
}

/**
 * Asks the primary of one partition, again and again, for its head, the changes that the tail lacks, and whether it is
 * in force. One question is on its way at a time. The answer renews the L1 permit, counted from when it was sent, or from
 * when the server was last named the one in force if that is earlier, and repairs whatever the doorbell has lost.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  #timer: Timer | undefined;
  /** A question is on its way, or the first one is still to come: the doorbell may ring before the start. */
  #asking = true;
  #again = false;
  /** Somebody wants to know how far this node has come. */
  #wanted = false;
  #sentAtMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
  }

  /** Asks at once, and goes on until it is closed. Resolves when the first answer was taken. Fails if there is none. */
  async start(): Promise<void> {
    await this.#beat();
    this.#next();
  }

  /** Asks now: something is missing. If a question is on its way, again after it. */
  soon(): void {
    if (this.#closed) return;
    this.#again = true;
    if (!this.#asking) this.#goOn();
  }

  /** Registers soon how far this node has come: with a heartbeat that is sent from now on. */
  asked(): void {
    this.#wanted = true;
    if (!this.#asking) this.#expect();
  }

  /** Stops. */
  close(): void {
    this.#closed = true;
    this.#timer?.stop();
  }

  #expect(): void {
    if (this.#closed) return;
    this.#timer?.stop();
    const { clock, intervalMs } = this.#parts;
    const inMs = this.#wanted ? this.#sentAtMs + ASKED_MS_MIN - clock.monotonicMs() : intervalMs;
    if (inMs <= 0) this.#goOn();
    else this.#timer = clock.startTimer(Math.min(inMs, intervalMs), () => this.#goOn());
  }

  #goOn(): void {
    if (this.#asking || this.#closed) return;
    this.#beat().then(
      () => this.#next(),
      (cause: unknown) => {
        if (!this.#closed) this.#parts.onFailure(cause);
        this.#expect();
      },
    );
  }

  #next(): void {
    if (this.#again) this.#goOn();
    else this.#expect();
  }

  async #beat(): Promise<void> {
    const { view, clock, self } = this.#parts;
    const asked = { chain: view.chain, after: view.applied, beat: view.countBeat() };
    const after = view.chain === undefined ? undefined : view.applied;
    this.#asking = true;
    this.#again = false;
    this.#wanted = false;
    const sentAtMs = clock.monotonicMs();
    this.#sentAtMs = sentAtMs;
    try {
      const node = registrationOf(self, view);
      const answer = await this.#parts.ask({ after, changesMax: PAGE_CHANGES, node });
      if (!this.#closed) this.#take(asked, answer, sentAtMs);
    } finally {
      this.#asking = false;
    }
  }

  #take(asked: Asked, answer: BeatAnswer, sentAtMs: number): void {
    const { view, tail, clock } = this.#parts;
    if (answer.inForce) view.noteTime(answer, sentAtMs);
    tail.takePage(asked, answer);
    const { chain, applied } = view;
    if (chain === undefined || !answer.inForce) return;
    // Where nobody says who is in force, its history does: ours grew out of it, so that it was deposed.
    if (epochStep(chain, answer.chain).kind === 'older') return;
    const beat = { epoch: answer.chain.epoch, head: answer.head, inForce: true };
    // Between the word of the Sentinels and the heartbeat the server may have been deposed.
    const provenAtMs = Math.min(sentAtMs, clock.monotonicMs() - answer.namedAgeMs);
    if (provesTail({ epoch: chain.epoch, applied }, beat)) view.noteProof(asked.beat, provenAtMs);
    else this.#again ||= chain !== asked.chain || applied !== asked.after;
    view.proof = { server: answer.server, provenAtMs };
    this.#parts.onProof(answer, provenAtMs);
  }
}
