import { AgeMap } from '../../base/age-map.ts';
import { limits } from '../../base/limits.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Applied, EntryRef, Once } from '../store.ts';

/**
 * Remembers the results of changes that must be applied at most once, for as long as their repeats are expected. A live
 * one is never forgotten for lack of room: the next change is refused instead, since forgetting would break OnceOnly.
 */
export class RequestIds {
  readonly #requestIdsMax: number;
  readonly #results = new AgeMap<Applied>();

  constructor(requestIdsMax: number = limits.requestIdsMax) {
    this.#requestIdsMax = requestIdsMax;
  }

  /** Returns the result of a change that was applied before, as a repeat is told. */
  recall(ref: EntryRef, requestId: string, nowMs: number): Applied | undefined {
    const applied = this.#results.get(nameOf(ref, requestId));
    return applied === undefined || isOld(applied, nowMs) ? undefined : { ...applied, repeated: true };
  }

  /** Makes sure that one more result can be remembered. REQUEST_IDS_FULL if not. */
  reserve(nowMs: number): void {
    this.forgetOld(nowMs, Number.POSITIVE_INFINITY);
    const oldest = this.#results.oldest();
    if (oldest === undefined || this.#results.size < this.#requestIdsMax) return;
    const retryAfterMs = oldest.value.nowMs + limits.requestIdAgeMsMax + 1 - nowMs;
    throw new OperatingError('REQUEST_IDS_FULL', 'as many request ids are remembered as may be', { retryAfterMs });
  }

  /** Remembers the result of a change, after `reserve`. */
  remember(ref: EntryRef, once: Once, applied: Applied): void {
    this.#results.set(nameOf(ref, once.requestId), { ...applied, note: once.note });
  }

  /** Forgets up to `workMax` results whose repeats are expected no more. Returns how many it forgot. */
  forgetOld(nowMs: number, workMax: number): number {
    let work = 0;
    for (; work < workMax; work++) {
      const oldest = this.#results.oldest();
      if (oldest === undefined || !isOld(oldest.value, nowMs)) break;
      this.#results.delete(oldest.key);
    }
    return work;
  }

  /** Throws if the structure is broken or there are too many. Linear. */
  validate(): void {
    this.#results.validate();
    if (this.#results.size > this.#requestIdsMax) throw new Error(`there are ${this.#results.size} request ids`);
  }
}

function isOld(applied: Applied, nowMs: number): boolean {
  return nowMs - applied.nowMs > limits.requestIdAgeMsMax;
}

/** The lengths keep apart what would read the same one after the other. */
function nameOf(ref: EntryRef, requestId: string): string {
  return `${requestId.length}.${ref.namespaceId.length}.${requestId}${ref.namespaceId}${ref.key}`;
}
