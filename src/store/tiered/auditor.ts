import { OperatingError } from '../../base/operating-error.ts';
import type { Random } from '../../base/random.ts';
import { covers } from '../../cache/rules/selector.ts';
import { changedKey } from '../changed-key.ts';
import type { Change, News } from '../store.ts';
import type { AuditCounts } from './audit-counts.ts';
import { AuditSampler } from './audit-sampler.ts';
import { type AuditScale, auditScales } from './audit-scales.ts';
import { AuditWalk } from './audit-walk.ts';
import type { Home } from './home.ts';
import { type AuditedKey, KeyAudit, type KeyAuditParts } from './key-audit.ts';
import { PendingTimers } from './pending-timers.ts';

/** What the auditor works with. */
export interface AuditorParts extends Omit<KeyAuditParts, 'later'> {
  readonly random: Random;
  /** Changes in a second after which a key is followed; more than 0. */
  readonly perSecond: number;
  readonly homes: () => Iterable<Home>;
  /** Hears of bugs. */
  readonly onFailure: (cause: unknown) => void;
}

/** A key that changed, and when the tail applied it, in milliseconds of the monotonic clock. */
interface Sample extends AuditedKey {
  readonly atMs: number;
}

/** Keys followed, and doubts that wait, at the same time. */
const PENDING_MAX = 10_000;
const STEP_INTERVAL_MS = 1000;
/** Entries, and bytes of values, that the walk looks at in a second for each change that may be followed in it. */
const WALKED_ENTRIES = 20;
const WALKED_BYTES = 102_400;
/** Entries among which one is looked for that a wide change covers. */
const COVERED_ENTRIES = 64;

/**
 * Looks whether this node would answer from L1 what it promises: at keys that changed, picked at random, some time after
 * the change, and at everything that L1 holds in turn. Bounded in what it asks for and in what it remembers.
 */
export class Auditor {
  readonly #parts: AuditorParts;
  readonly #scales: readonly AuditScale[];
  readonly #walkScale: AuditScale;
  readonly #sampler: AuditSampler;
  readonly #walk: AuditWalk;
  readonly #timers: PendingTimers;
  readonly #keys: KeyAudit;

  /** Begins to walk. */
  constructor(parts: AuditorParts) {
    const { clock, random, perSecond, maxLagMs } = parts;
    this.#parts = parts;
    this.#scales = auditScales(maxLagMs);
    this.#walkScale = { afters: ['walk'], ageMs: maxLagMs };
    this.#sampler = new AuditSampler(perSecond, random);
    const bounds = { entriesMax: perSecond * WALKED_ENTRIES, bytesMax: perSecond * WALKED_BYTES };
    this.#walk = new AuditWalk(parts.homes, bounds);
    this.#timers = new PendingTimers(clock, PENDING_MAX);
    const later: KeyAuditParts['later'] = (delayMs, act) => this.#later(delayMs, async () => act());
    this.#keys = new KeyAudit({ ...parts, later });
    this.#stepLater();
  }

  /** What it found so far. */
  get counts(): AuditCounts {
    return { ...this.#keys.counts, rounds: this.#walk.rounds };
  }

  /** Takes what the tails applied. */
  hear(news: News): void {
    const { clock, homeOf } = this.#parts;
    if (news.kind !== 'changed' || news.change.kind === 'epoch') return;
    const atMs = clock.monotonicMs();
    if (!this.#sampler.picks(atMs)) return;
    const { change } = news;
    const home = homeOf(change.namespaceId);
    const own = changedKey(change);
    const key = home && (own ?? this.#coveredKey(home, change, atMs));
    if (home === undefined || key === undefined) return;
    const isOfKey = own !== undefined && (change.kind !== 'invalidate' || change.mode === 'remove');
    this.#follow({ home, view: home.viewOf(key), key, change: isOfKey ? change.position : undefined, atMs }, 0);
  }

  /** Stops. */
  close(): void {
    this.#timers.close();
  }

  /** Returns a key that L1 holds and a wide change covers, if there is one at a place picked at random. */
  #coveredKey(home: Home, change: Change, monotonicMs: number): string | undefined {
    if (change.kind !== 'invalidate') return undefined;
    const from = Math.floor(this.#parts.random.float() * home.tier.usage().entries);
    const { entries } = home.tier.page(from, COVERED_ENTRIES, home.control.nowMs(monotonicMs));
    return entries.find((entry) => covers(change.selector, entry))?.key;
  }

  #follow(sample: Sample, index: number): void {
    const scale = this.#scales[index];
    if (scale === undefined) return;
    const delayMs = sample.atMs + scale.ageMs - this.#parts.clock.monotonicMs();
    this.#later(Math.max(0, delayMs), () => {
      this.#follow(sample, index + 1);
      return this.#keys.look([sample], scale);
    });
  }

  #stepLater(): void {
    this.#later(STEP_INTERVAL_MS, () => this.#step().finally(() => this.#stepLater()));
  }

  async #step(): Promise<void> {
    const atMs = this.#parts.clock.monotonicMs();
    const walked = this.#walk.step((home) => home.control.nowMs(atMs));
    await Promise.all(
      walked.map(({ home, view, keys }) => {
        const audited = keys.map((key) => ({ home, view, key }));
        return this.#keys.look(audited, this.#walkScale);
      }),
    );
  }

  #later(delayMs: number, act: () => Promise<void>): void {
    this.#timers.start(delayMs, () => {
      act().catch((cause: unknown) => {
        // A store that can't be asked says so elsewhere.
        if (!(cause instanceof OperatingError)) this.#parts.onFailure(cause);
      });
    });
  }
}
