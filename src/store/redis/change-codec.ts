import type { Partition } from '../../cache/rules/position.ts';
import type { InvalidationMode, Selector } from '../../cache/rules/selector.ts';
import type { Author, Change, NamespaceId } from '../store.ts';
import { POSITION_BYTES, readPosition } from './position-codec.ts';
import { packSelector, readSelector } from './selector-codec.ts';
import { packTexts, TextReader } from './texts-codec.ts';

/** A change as the node knows it before it is applied: without position, and without the tags that the entry had. */
export type ChangeFacts = {
  readonly namespaceId: NamespaceId;
  readonly author: Author | undefined;
} & (
  | { readonly kind: 'set'; readonly key: string; readonly tags: readonly string[] }
  | { readonly kind: 'touch' | 'delete'; readonly key: string }
  | {
      readonly kind: 'invalidate';
      readonly selector: Selector;
      readonly mode: InvalidationMode;
      /** Of an entry that another partition holds. */
      readonly tags: readonly string[];
    }
);

const KINDS = ['set', 'touch', 'delete', 'remove', 'mark-stale', 'epoch'] as const;
const NO_TAGS: readonly string[] = [];

/**
 * Packs a change: its kind in one byte, namespace, key or selector; a byte that tells whether there is an author, and
 * that; how many new tags, and those. In front of it the script puts the position, behind it the entry's old metadata.
 */
export function packChange(facts: ChangeFacts): Buffer {
  const { namespaceId, author } = facts;
  const name = facts.kind === 'invalidate' ? packSelector(facts.selector) : facts.key;
  const tags = 'tags' in facts ? facts.tags : NO_TAGS;
  return Buffer.concat([
    Buffer.of(KINDS.indexOf(facts.kind === 'invalidate' ? facts.mode : facts.kind)),
    packTexts([namespaceId, name]),
    author === undefined ? NO : YES,
    author === undefined ? NOTHING : packTexts([author.actor, author.origin, author.traceparent]),
    Buffer.of(tags.length),
    packTexts(tags),
  ]);
}

const NO = Buffer.of(0);
const YES = Buffer.of(1);
const NOTHING = Buffer.alloc(0);

/** Reads a change as the log and the doorbell hold it. Throws a `RangeError` if it is none. */
export function readChange(bytes: Buffer, partition: Partition): Change {
  const position = readPosition(bytes, 0);
  const reader = new TextReader(bytes, POSITION_BYTES);
  const kind = KINDS[reader.byte()];
  if (kind === undefined) throw new RangeError('no change is of this kind');
  if (kind === 'epoch') {
    return { namespaceId: '' as NamespaceId, partition, position, author: undefined, tags: NO_TAGS, kind };
  }
  const [namespaceId, name] = [reader.text() as NamespaceId, reader.text()];
  const author = reader.byte() === 0 ? undefined : readAuthor(reader);
  const place = { namespaceId, partition, position, author, tags: readTags(reader, bytes.length) };
  if (kind !== 'remove' && kind !== 'mark-stale') return { ...place, kind, key: name };
  return { ...place, kind: 'invalidate', selector: readSelector(name), mode: kind };
}

function readAuthor(reader: TextReader): Author {
  return { actor: reader.text(), origin: reader.text(), traceparent: reader.text() };
}

// The new tags, then the metadata of the entry that was there: its content type and its tags.
function readTags(reader: TextReader, end: number): readonly string[] {
  const tags = Array.from({ length: reader.byte() }, () => reader.text());
  if (reader.at === end) return tags;
  const [, ...before] = reader.textsTo(end);
  return [...tags, ...before.filter((tag) => !tags.includes(tag))];
}
