import type { CallGroup } from '../../src/api/call-groups.ts';
import { LoadShedder } from '../../src/api/load-shedder.ts';
import type { Clock, Timer } from '../../src/base/clock.ts';
import { limits } from '../../src/base/limits.ts';

/** A server and what comes to it. */
export interface QueueModel {
  /** Milliseconds that it takes to answer a call, and to refuse one. */
  readonly answerMs: number;
  readonly refuseMs: number;
  /** Connections. Calls beyond what these may have open wait at their callers, a second at most. */
  readonly connections: number;
  /** Calls that come, in times of what it could answer. */
  readonly offered: number;
  /** The groups of the calls, in turns. */
  readonly groups: readonly CallGroup[];
  /** Share of its core that the process gets. Costs are CPU time. */
  readonly cpuShare: number;
}

/** What came of it. */
export interface QueueOutcome {
  /** Calls that were answered, as a share of what could have been. */
  readonly goodput: number;
  readonly refused: number;
  /** Milliseconds of the longest turn of the event loop. */
  readonly turnMsMax: number;
  /** Milliseconds from the end of the load to the last refusal; half of what it can answer goes on coming. */
  readonly recoveryMs: number;
}

const SETTLE_MS = 4000;
const LOAD_MS = 20_000;
const AFTER_MS = 6000;
const PATIENCE_MS = 1000;

/**
 * Runs a shedder in a model of an event loop: each turn reads all calls that have come, and answers or refuses one after
 * the other, while time goes by.
 */
export function runQueue({ answerMs, refuseMs, connections, offered, groups, cpuShare }: QueueModel): QueueOutcome {
  const clock = new TurnClock();
  let streamsMax: number = limits.streamsPerConnectionMax;
  const onStreamsMax = (max: number): void => {
    streamsMax = max;
  };
  const shedder = new LoadShedder({
    clock,
    callsInFlight: () => 0,
    processTime: () => ({ ...clock.time }),
    onStreamsMax,
  });
  shedder.start();
  const outcome = { answered: 0, refused: 0, turnMsMax: 0, lastRefusalMs: LOAD_MS };
  let [waiting, readAtMs] = [0, 0];
  while (clock.nowMs() < LOAD_MS + AFTER_MS) {
    const beganMs = clock.nowMs();
    const perMs = ((beganMs < LOAD_MS ? offered : 0.5) / answerMs) * cpuShare;
    waiting = Math.min(waiting + (beganMs - readAtMs) * perMs, perMs * PATIENCE_MS);
    readAtMs = beganMs;
    const calls = Math.floor(Math.min(waiting, connections * streamsMax));
    waiting -= calls;
    for (let call = 0; call < calls; call += 1) {
      const isRefused = shedder.refuses(groups[call % groups.length]!);
      clock.pass(isRefused ? refuseMs : answerMs, cpuShare);
      if (isRefused) outcome.lastRefusalMs = Math.max(outcome.lastRefusalMs, clock.nowMs());
      if (beganMs < SETTLE_MS || beganMs >= LOAD_MS) continue;
      outcome[isRefused ? 'refused' : 'answered'] += 1;
    }
    if (beganMs >= SETTLE_MS) outcome.turnMsMax = Math.max(outcome.turnMsMax, clock.nowMs() - beganMs);
    clock.endTurn(1 / perMs);
  }
  shedder.close();
  const goodput = outcome.answered / (((LOAD_MS - SETTLE_MS) / answerMs) * cpuShare);
  return { ...outcome, goodput, recoveryMs: outcome.lastRefusalMs - LOAD_MS };
}

/** A clock that goes on with work; its one timer fires between turns. */
class TurnClock implements Clock {
  readonly time = { cpuMs: 0, idleMs: 0 };
  #ms = 0;
  #timer: { readonly dueMs: number; readonly callback: () => void } | undefined;

  nowMs(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  startTimer(delayMs: number, callback: () => void): Timer {
    this.#timer = { dueMs: this.#ms + delayMs, callback };
    return { stop: () => (this.#timer = undefined) };
  }

  /** Lets work take its time: that of others too, with whom the core is shared. */
  pass(ms: number, cpuShare: number): void {
    this.#ms += ms / cpuShare;
    this.time.cpuMs += ms;
  }

  /** Fires what is due, or waits for it or for so long. */
  endTurn(idleMs: number): void {
    if (this.#timer === undefined) return;
    const { dueMs, callback } = this.#timer;
    const restMs = Math.min(Math.max(0, dueMs - this.#ms), idleMs);
    this.#ms += restMs;
    this.time.idleMs += restMs;
    if (this.#ms >= dueMs) callback();
  }
}
