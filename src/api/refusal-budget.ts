import { limits } from '../base/limits.ts';

/** Refusals that a millisecond of CPU time may hold: at first, and at least. */
const PER_CPU_MS_MAX = limits.refusalsPerSecondMax / 1000;
const PER_CPU_MS_MIN = 0.02;
/** Below this part of the answers that are usual for a millisecond of CPU time, refusals take too much of it. */
const ENOUGH = 0.94;
const CUT_FACTOR = 0.6;
const RISE_FACTOR = 1.05;
/** How quickly more answers than usual, and fewer, become the usual. */
const LEARN_MORE = 0.5;
const LEARN_FEWER = 0.1;
/** Answers from which on a step says anything. */
const ANSWERS_MIN = 20;
const CPU_SHARE_MIN = 0.02;
/** Milliseconds for which refusals that were not made are saved up. */
const SAVED_MS = 200;

/**
 * Bounds how many calls are refused, so that refusals leave nine tenths of the CPU time for answers: a refusal costs half
 * of what a small read costs, most of it HTTP/2, and a server that is asked for three times what it can do would do
 * nothing else. What a refusal costs here and now is not known; so the bound follows how many answers each millisecond of
 * CPU time gave before anybody was refused.
 */
export class RefusalBudget {
  #answers = 0;
  #refusals = 0;
  #usualPerCpuMs = 0;
  #perCpuMs = PER_CPU_MS_MAX;
  #cpuShare = 1;
  #left = 0;
  #refilledAtMs = 0;
  #isBounded = false;

  /** More calls were to be refused since the last step than might be. */
  get isBounded(): boolean {
    return this.#isBounded;
  }

  /** Counts a call that is let in. */
  answer(): void {
    this.#answers += 1;
  }

  /** True if one more may be refused now; it is counted then. */
  refuse(nowMs: number): boolean {
    const perMs = this.#perCpuMs * this.#cpuShare;
    this.#left = Math.min(perMs * SAVED_MS, this.#left + (nowMs - this.#refilledAtMs) * perMs);
    this.#refilledAtMs = nowMs;
    this.#isBounded ||= this.#left < 1;
    if (this.#left < 1) return false;
    this.#left -= 1;
    this.#refusals += 1;
    return true;
  }

  /** Learns from the CPU time that the process got since the last step. */
  step(elapsedMs: number, cpuMs: number): void {
    this.#cpuShare = Math.min(1, Math.max(CPU_SHARE_MIN, cpuMs / elapsedMs));
    if (this.#answers >= ANSWERS_MIN) this.#learn(this.#answers / Math.max(1, cpuMs));
    this.#answers = 0;
    this.#refusals = 0;
    this.#isBounded = false;
  }

  #learn(perCpuMs: number): void {
    if (this.#refusals === 0) {
      this.#usualPerCpuMs +=
        (perCpuMs - this.#usualPerCpuMs) * (perCpuMs > this.#usualPerCpuMs ? LEARN_MORE : LEARN_FEWER);
      return;
    }
    const factor = perCpuMs < this.#usualPerCpuMs * ENOUGH ? CUT_FACTOR : RISE_FACTOR;
    this.#perCpuMs = Math.min(PER_CPU_MS_MAX, Math.max(PER_CPU_MS_MIN, this.#perCpuMs * factor));
  }
}
