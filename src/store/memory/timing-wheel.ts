import { SlotLists } from '../../policy/slot-lists.ts';

const DIGIT_BITS = 5;
const BUCKETS = 1 << DIGIT_BITS;
const LEVELS = 6;
/** Milliseconds that the levels tell apart: 2^30, 12.4 days. */
const SPAN_MS = 2 ** (DIGIT_BITS * LEVELS);
const FAR = LEVELS * BUCKETS;
const DRAINING = FAR + 1;
const NO_BUCKET = -1;

/**
 * Finds the slots whose time has come, in constant time each however many wait. To the millisecond, up to any horizon.
 *
 * A hierarchical timing wheel (Varghese & Lauck: Hashed and hierarchical timing wheels, SOSP 1987, § 6.2; Caffeine's
 * TimerWheel showed its worth for caches). Six levels of 32 buckets, a level for each base-32 digit of the time: a slot
 * waits at the level of the highest digit in which its due time differs from now, in the bucket of that digit, and comes
 * down a level each time that digit is reached.
 *
 * What we changed: a tick is a millisecond, since empty buckets are skipped by a bitmap a level (a set bit may be a
 * leftover, a clear one never hides a slot) and fine ticks cost nothing; what lies beyond the wheel's span waits in one
 * list that is looked through once a span; work can be bounded: a bucket that was begun waits in a list of its own.
 */
export class TimingWheel {
  readonly #startMs: number;
  readonly #occupied = new Int32Array(LEVELS);
  readonly #buckets: SlotLists;
  /** Due times, in milliseconds since the start. */
  #dueAt: Float64Array;
  /** All that is due before this has been found. Milliseconds since the start; never decreases. */
  #elapsedMs = 0;
  #size = 0;

  constructor(startMs: number, slotCount: number) {
    this.#startMs = startMs;
    this.#buckets = new SlotLists(DRAINING + 1, slotCount);
    this.#dueAt = new Float64Array(slotCount);
  }

  /** Slots that wait. */
  get size(): number {
    return this.#size;
  }

  /** Lets a slot wait until `dueMs`, instead of whatever it waited for before. A time that has passed is due now. */
  schedule(slot: number, dueMs: number): void {
    this.deschedule(slot);
    this.#dueAt[slot] = Math.ceil(dueMs - this.#startMs);
    this.#place(slot);
    this.#size++;
  }

  /** Lets a slot wait no longer; does nothing if it doesn't wait. */
  deschedule(slot: number): void {
    if (!this.#buckets.has(slot)) return;
    this.#buckets.remove(slot);
    this.#size--;
  }

  /**
   * Calls `onDue` for every slot that is due at `nowMs`, which waits no longer, until at most `workMax` slots have been
   * touched. Returns how many were: fewer than `workMax` means that all that was due has been found. The callback may
   * schedule and deschedule.
   */
  advance(nowMs: number, onDue: (slot: number) => void, workMax: number): number {
    const targetMs = Math.floor(nowMs - this.#startMs);
    let work = 0;
    while (work < workMax && this.#drain(targetMs)) {
      const slot = this.#buckets.first(DRAINING);
      this.#buckets.remove(slot);
      work++;
      if (this.#dueAt[slot]! > targetMs) {
        this.#place(slot);
      } else {
        this.#size--;
        onDue(slot);
      }
    }
    return work;
  }

  /** Makes room for slots 0 to `slotCount` - 1; never fewer than before. */
  resize(slotCount: number): void {
    this.#buckets.resize(slotCount);
    const dueAt = new Float64Array(slotCount);
    dueAt.set(this.#dueAt);
    this.#dueAt = dueAt;
  }

  /** Throws if a slot waits in a bucket where it would not be found in time. Linear. */
  validate(): void {
    this.#buckets.validate();
    let listed = this.#buckets.slotsOf(DRAINING).length;
    for (let bucket = 0; bucket <= FAR; bucket++) {
      for (const slot of this.#buckets.slotsOf(bucket)) {
        listed++;
        const due = this.#bucketOf(this.#dueAt[slot]!);
        if (due !== bucket) throw new Error(`slot ${slot} waits in bucket ${bucket} instead of ${due}`);
        if (bucket < FAR && !this.#isMarked(bucket)) throw new Error(`bucket ${bucket} is hidden`);
      }
    }
    if (listed !== this.#size) throw new Error(`the wheel holds ${listed} slots and counts ${this.#size}`);
  }

  /** Sees to it that the list of slots to look at holds one, if any may be due. Else all time until then has elapsed. */
  #drain(targetMs: number): boolean {
    if (!this.#buckets.isEmpty(DRAINING)) return true;
    const bucket = this.#firstBucket();
    const beginMs = bucket === NO_BUCKET ? Number.POSITIVE_INFINITY : this.#beginOf(bucket);
    this.#elapsedMs = Math.max(this.#elapsedMs, Math.min(beginMs, targetMs));
    if (beginMs > targetMs) return false;
    this.#buckets.moveAll(bucket, DRAINING);
    return true;
  }

  #place(slot: number): void {
    const bucket = this.#bucketOf(this.#dueAt[slot]!);
    if (bucket < FAR) this.#occupied[bucket >>> DIGIT_BITS]! |= 1 << (bucket & (BUCKETS - 1));
    this.#buckets.append(bucket, slot);
  }

  #bucketOf(dueAt: number): number {
    const at = Math.max(dueAt, this.#elapsedMs);
    if (Math.floor(at / SPAN_MS) !== Math.floor(this.#elapsedMs / SPAN_MS)) return FAR;
    const digits = at % SPAN_MS;
    const level = highestDigit(digits ^ (this.#elapsedMs % SPAN_MS));
    return level * BUCKETS + ((digits >>> (level * DIGIT_BITS)) & (BUCKETS - 1));
  }

  /** Returns the bucket that begins first: of the lowest level that has any, the lowest. */
  #firstBucket(): number {
    for (let level = 0; level < LEVELS; level++) {
      for (let bits = this.#occupied[level]!; bits !== 0; bits &= bits - 1) {
        const bucket = level * BUCKETS + (31 - Math.clz32(bits & -bits));
        if (!this.#buckets.isEmpty(bucket)) return bucket;
        this.#occupied[level]! &= ~(bits & -bits);
      }
    }
    return this.#buckets.isEmpty(FAR) ? NO_BUCKET : FAR;
  }

  #beginOf(bucket: number): number {
    if (bucket === FAR) return (Math.floor(this.#elapsedMs / SPAN_MS) + 1) * SPAN_MS;
    const level = bucket >>> DIGIT_BITS;
    const bucketMs = 2 ** (level * DIGIT_BITS);
    const turnMs = bucketMs * BUCKETS;
    return Math.floor(this.#elapsedMs / turnMs) * turnMs + (bucket & (BUCKETS - 1)) * bucketMs;
  }

  #isMarked(bucket: number): boolean {
    return (this.#occupied[bucket >>> DIGIT_BITS]! & (1 << (bucket & (BUCKETS - 1)))) !== 0;
  }
}

function highestDigit(difference: number): number {
  return difference === 0 ? 0 : Math.floor((31 - Math.clz32(difference)) / DIGIT_BITS);
}
