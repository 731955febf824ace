import { type Address, addressText } from './address.ts';

/** Some slots and the primary that serves them. */
interface SlotRange {
  readonly first: number;
  readonly last: number;
  readonly owner: Address;
}

/** Who serves which slots, as one node of a cluster sees it. */
export interface ClusterView {
  /** In the order of their first slots. */
  readonly ranges: readonly SlotRange[];
  /** Equal for equal views. */
  readonly text: string;
}

/** Reads the answer to CLUSTER SLOTS of a node that was asked at `asked`: it may leave out its own host. */
export function readClusterSlots(answer: unknown, asked: Address): ClusterView {
  const rows = Array.isArray(answer) ? answer : [];
  const ranges = rows.flatMap((row: unknown) => rangeOf(row, asked)).sort((a, b) => a.first - b.first);
  return { ranges, text: ranges.map(({ first, last, owner }) => `${first}-${last} ${addressText(owner)}`).join() };
}

/** Returns who serves a slot; `undefined` if nobody does. */
export function ownerOf({ ranges }: ClusterView, slot: number): Address | undefined {
  return ranges.find(({ first, last }) => first <= slot && slot <= last)?.owner;
}

/** Returns the primaries that serve slots, each once, by their text. */
export function ownersOf({ ranges }: ClusterView): ReadonlyMap<string, Address> {
  return new Map(ranges.map(({ owner }) => [addressText(owner), owner]));
}

/** Returns how many slots nobody serves. */
export function uncoveredSlots({ ranges }: ClusterView, slots: number): number {
  return ranges.reduce((left, { first, last }) => left - (last - first + 1), slots);
}

// First slot, last slot, then the nodes, the primary first: host, port and more.
function rangeOf(row: unknown, asked: Address): SlotRange[] {
  if (!Array.isArray(row) || !Array.isArray(row[2])) return [];
  const [first, last, [host, port]] = row;
  const name = Buffer.isBuffer(host) ? host.toString() : '';
  // The node says so that it does not know its own name.
  if (name === '?') return [];
  return [
    { first: Number(first), last: Number(last), owner: { host: name === '' ? asked.host : name, port: Number(port) } },
  ];
}
