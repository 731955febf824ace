import type { Partition } from '../../cache/rules/position.ts';
import type { Change, EntryRef, NamespaceId } from '../store.ts';
import { readChange } from './change-codec.ts';
import { NO_POSITION, POSITION_BYTES } from './position-codec.ts';
import { packTexts, TextReader } from './texts-codec.ts';

/** What rings on a partition's channel. */
export type Ring =
  | { readonly kind: 'changed'; readonly change: Change }
  /** A lease was given back before its time. No change: the log does not know it. */
  | { readonly kind: 'released'; readonly ref: EntryRef }
  /** Nodes are to register. No change either. */
  | { readonly kind: 'asked' }
  /** Something that was sent by somebody else. */
  | { readonly kind: 'foreign' };

/** Packs the news that a lease was given back. */
export function packReleased({ namespaceId, key }: EntryRef): Buffer {
  return Buffer.concat([NO_POSITION, packTexts([namespaceId, key])]);
}

/** Packs the wish that nodes register: nothing more than that it is no change. */
export function packAsked(): Buffer {
  return NO_POSITION;
}

/** Reads what rings. */
export function readRing(bytes: Buffer, partition: Partition): Ring {
  try {
    if (!bytes.subarray(0, POSITION_BYTES).equals(NO_POSITION)) {
      return { kind: 'changed', change: readChange(bytes, partition) };
    }
    if (bytes.length === POSITION_BYTES) return { kind: 'asked' };
    const reader = new TextReader(bytes, POSITION_BYTES);
    return { kind: 'released', ref: { namespaceId: reader.text() as NamespaceId, key: reader.text() } };
  } catch {
    return { kind: 'foreign' };
  }
}
