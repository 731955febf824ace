import type { Clock, Timer } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { CallContext } from '../cache/call-context.ts';
import { type CallGroup, callGroups } from './call-groups.ts';
import { type Load, nextLoad, noLoad, refusedShare } from './load-pressure.ts';
import { RefusalBudget } from './refusal-budget.ts';

/** What a process has spent its time on so far, in milliseconds. */
export interface ProcessTime {
  /** CPU time of all its threads. */
  readonly cpuMs: number;
  /** Time in which the event loop had nothing to do. */
  readonly idleMs: number;
}

/** What a shedder asks for. */
export interface LoadShedderParts {
  readonly clock: Clock;
  /** Calls that are being answered now. */
  readonly callsInFlight: () => number;
  readonly processTime: () => ProcessTime;
  /** Told how many streams each connection may have from now on, when that changes. */
  readonly onStreamsMax: (streamsMax: number) => void;
}

/** Milliseconds between two looks at how late the event loop is. */
const SAMPLE_MS = 10;
/** Milliseconds between two steps of the pressure, and the samples that one needs: one collection of garbage is none. */
const STEP_MS = 200;
const SAMPLES_MIN = 3;
/** Below this there is no queue worth a refusal. */
const QUEUE_MS = limits.loopDelayMsMax / 4;
/** Beyond this nearly all answers come too late for their callers: then as many are refused as it takes. */
const HOPELESS_MS = 2000;
/** An event loop that was idle for longer has not too much to do: it was woken late, because others had the core. */
const IDLE_SHARE_MAX = 0.25;

/**
 * Decides which calls are refused because the process has more to do than it can. The signal is how late the event loop
 * runs: what a timer says that should have fired, and within a long turn the time since then, which is what the calls of
 * that turn have waited. The least of a step counts (Nichols and Jacobson, "Controlling Queue Delay", 2012, § 4): a
 * queue that goes away by itself is none.
 *
 * Refusals are bounded in number (`RefusalBudget`). What comes beyond the bound is answered, later, and the connections'
 * limit of streams holds back the rest.
 */
export class LoadShedder {
  readonly #clock: Clock;
  readonly #callsInFlight: () => number;
  readonly #processTime: () => ProcessTime;
  readonly #onStreamsMax: (streamsMax: number) => void;
  readonly #budget = new RefusalBudget();
  readonly #shed = new Map<CallGroup, number>(callGroups.map((group) => [group, 0]));
  /** By group the shares that were not refused yet: at 1 the next call is. */
  readonly #owed = new Float64Array(callGroups.length);
  #timer: Timer | undefined;
  #dueMs = Number.POSITIVE_INFINITY;
  #stepAtMs = 0;
  #samples = 0;
  #lastLateMs = 0;
  #leastLateMs = Number.POSITIVE_INFINITY;
  #load: Load = noLoad;
  #delayMs = 0;
  #atStep: ProcessTime = { cpuMs: 0, idleMs: 0 };

  constructor({ clock, callsInFlight, processTime, onStreamsMax }: LoadShedderParts) {
    this.#clock = clock;
    this.#callsInFlight = callsInFlight;
    this.#processTime = processTime;
    this.#onStreamsMax = onStreamsMax;
  }

  /** 0: nobody is refused. 1: new streams. 2: writes too. 3: reads too. 4: all but administration and health. */
  get pressure(): number {
    return this.#load.pressure;
  }

  /** How many calls of each group were refused. */
  get shed(): ReadonlyMap<CallGroup, number> {
    return this.#shed;
  }

  /** Begins to look at the event loop. */
  start(): void {
    this.#stepAtMs = this.#clock.monotonicMs();
    this.#atStep = this.#processTime();
    this.#lookLater(this.#stepAtMs);
  }

  /** Stops looking, and refuses nobody any more. */
  close(): void {
    this.#timer?.stop();
    this.#dueMs = Number.POSITIVE_INFINITY;
    this.#setLoad(noLoad);
  }

  /** True if the next call of a group must be refused; then it is counted. */
  refuses(group: CallGroup): boolean {
    const nowMs = this.#clock.monotonicMs();
    const lateMs = nowMs - this.#dueMs;
    // A turn that is longer than a step: no timer has told of it yet.
    if (lateMs >= STEP_MS && nowMs - this.#stepAtMs >= STEP_MS) this.#step(nowMs, lateMs);
    const hasQueue = Math.max(lateMs, this.#lastLateMs) > QUEUE_MS;
    const isRefused =
      this.#callsInFlight() >= limits.callsInFlightMax ||
      // Only while there is a queue: a pressure that has become too high would else make the process idle.
      (this.pressure > 0 && hasQueue && this.#isItsTurn(group, nowMs, lateMs));
    if (isRefused) this.#count(group);
    else this.#budget.answer();
    return isRefused;
  }

  /** True if a call that has so much time left waited for longer before it was read; then it is counted. */
  isTooLate(group: CallGroup, call: Pick<CallContext, 'remainingMs'>): boolean {
    if (this.pressure === 0 || call.remainingMs() > this.#delayMs) return false;
    this.#count(group);
    return true;
  }

  #lookLater(nowMs: number): void {
    this.#dueMs = nowMs + SAMPLE_MS;
    this.#timer = this.#clock.startTimer(SAMPLE_MS, () => {
      const firedAtMs = this.#clock.monotonicMs();
      this.#sample(firedAtMs);
      this.#lookLater(firedAtMs);
    });
  }

  #sample(nowMs: number): void {
    this.#samples += 1;
    this.#lastLateMs = Math.max(0, nowMs - this.#dueMs);
    this.#leastLateMs = Math.min(this.#leastLateMs, this.#lastLateMs);
    if (this.#samples >= SAMPLES_MIN && nowMs - this.#stepAtMs >= STEP_MS) this.#step(nowMs, this.#leastLateMs);
  }

  #step(nowMs: number, leastLateMs: number): void {
    const elapsedMs = nowMs - this.#stepAtMs;
    const { cpuMs, idleMs } = this.#processTime();
    const isBusy = idleMs - this.#atStep.idleMs <= elapsedMs * IDLE_SHARE_MAX;
    this.#delayMs = isBusy ? leastLateMs : 0;
    this.#setLoad(nextLoad(this.#load, this.#delayMs / limits.loopDelayMsMax, this.#budget.isBounded));
    this.#budget.step(elapsedMs, cpuMs - this.#atStep.cpuMs);
    this.#atStep = { cpuMs, idleMs };
    this.#stepAtMs = nowMs;
    this.#samples = 0;
    this.#leastLateMs = Number.POSITIVE_INFINITY;
  }

  #setLoad(load: Load): void {
    const { streamsMax } = this.#load;
    this.#load = load;
    if (load.streamsMax !== streamsMax) this.#onStreamsMax(load.streamsMax);
  }

  #isItsTurn(group: CallGroup, nowMs: number, lateMs: number): boolean {
    const rank = callGroups.indexOf(group);
    const owed = this.#owed[rank]! + refusedShare(this.pressure, rank);
    this.#owed[rank] = owed % 1;
    return owed >= 1 && (lateMs > HOPELESS_MS || this.#budget.refuse(nowMs));
  }

  #count(group: CallGroup): void {
    this.#shed.set(group, this.#shed.get(group)! + 1);
  }
}
