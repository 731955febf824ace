/** What `victim` returns when nothing is held. */
export const NO_SLOT = -1;

/**
 * Decides which entry leaves when there is no room. It knows entries only by their slot, a small number that is used
 * again after the entry has left, so that a policy can keep its state in typed arrays. The caller owns the entries: a
 * policy proposes, the caller removes.
 *
 * Laws (test/suite/policy-suite.ts): exactly the slots that were inserted and not removed are held; `victim` proposes a
 * held slot, and changes nothing that another call of it would see; proposing and removing until nothing is held
 * proposes each held slot once.
 */
export interface EvictionPolicy {
  /** Slots held. */
  readonly size: number;
  /** Takes a slot in. It must be below the slot count and not be held. */
  onInsert(slot: number): void;
  /** Notes a use of a held slot. */
  onHit(slot: number): void;
  /** Lets a held slot go, for whatever cause. */
  onRemove(slot: number): void;
  /** Returns the slot that should leave next, or `NO_SLOT` if none is held. */
  victim(): number;
  /** Makes room for slots 0 to `slotCount` - 1; never fewer than before. */
  resize(slotCount: number): void;
  /** Throws if the internal structure is broken. For tests: takes time linear in the slots. */
  validate(): void;
}

/** Makes a policy that holds nothing, for slots 0 to `slotCount` - 1. */
export type PolicyFactory = (slotCount: number) => EvictionPolicy;
