import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { covers, type Selector } from '../near/near-rule.ts';

/** What a read must not be older than, so that its client reads its own changes: tokens, or the store itself. */
export type OwnDemand = readonly string[] | 'latest';

interface Noted {
  readonly token: string;
  readonly untilMs: number;
}

interface NotedInvalidation extends Noted {
  readonly selector: Selector;
}

/**
 * The tokens of what this client changed lately. After `keepMs` no node serves anything older anyway. What there is no
 * room for makes reads ask for the latest, until it is old enough too.
 */
export class OwnTokens {
  readonly #keepMs: number;
  readonly #clock: Clock;
  /** By key, the oldest first. */
  readonly #writes = new Map<string, Noted>();
  #invalidations: NotedInvalidation[] = [];
  #latestUntilMs = Number.NEGATIVE_INFINITY;

  constructor(keepMs: number, clock: Clock) {
    this.#keepMs = keepMs;
    this.#clock = clock;
  }

  /** Notes the token of a change of keys. An empty one says that no store took the change. */
  wrote(keys: readonly string[], token: string): void {
    if (token === '') return;
    const untilMs = this.#clock.monotonicMs() + this.#keepMs;
    for (const key of keys) {
      this.#writes.delete(key);
      this.#writes.set(key, { token, untilMs });
    }
    this.#boundWrites();
  }

  /** Notes the token of an invalidation. */
  invalidated(selectors: readonly Selector[], token: string): void {
    if (token === '') return;
    const untilMs = this.#clock.monotonicMs() + this.#keepMs;
    this.#dropOldInvalidations();
    this.#invalidations.push(...selectors.map((selector) => ({ selector, token, untilMs })));
    if (new Set(this.#invalidations.map((noted) => noted.token)).size <= limits.ownInvalidationsMax) return;
    this.#latestUntilMs = untilMs;
    this.#invalidations = [];
  }

  /** Returns what a read of a key must not be older than. */
  demandFor(key: string): OwnDemand {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#latestUntilMs) return 'latest';
    const own = this.#writes.get(key);
    const tokens = new Set(own !== undefined && nowMs < own.untilMs ? [own.token] : []);
    if (own !== undefined && tokens.size === 0) this.#writes.delete(key);
    for (const { selector, token, untilMs } of this.#invalidations) {
      // What tags the entry has is not known before it is read.
      if (nowMs < untilMs && (selector.kind === 'tag' || covers(selector, { key, tags: [] }))) tokens.add(token);
    }
    return tokens.size === 0 ? NONE : [...tokens];
  }

  /** Forgets all: the server does not know these tokens. */
  clear(): void {
    this.#writes.clear();
    this.#invalidations = [];
    this.#latestUntilMs = Number.NEGATIVE_INFINITY;
  }

  #boundWrites(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [key, { untilMs }] of this.#writes) {
      if (this.#writes.size <= limits.ownKeysMax) return;
      this.#writes.delete(key);
      if (nowMs < untilMs) this.#latestUntilMs = Math.max(this.#latestUntilMs, untilMs);
    }
  }

  #dropOldInvalidations(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#invalidations = this.#invalidations.filter(({ untilMs }) => nowMs < untilMs);
  }
}

const NONE: readonly string[] = [];
