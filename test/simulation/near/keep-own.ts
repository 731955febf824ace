import { mayKeep, type NearChange, type NearEntry } from '../../../clients/typescript/src/near/near-rule.ts';

/**
 * The rule for own writes of a near cache that keeps them: as `mayKeep`, since the token that was the newest when the
 * value's computation began, and only once the stream has told the SET itself. An acknowledgement alone may come from a
 * deposed primary, whose changes no stream ever tells. The clients keep none: theirs enter by a later read.
 */
export function mayKeepOwn(entry: NearEntry, toldSince: readonly NearChange[]): boolean {
  const told = toldSince.some((change) => change.kind === 'set' && change.revision === entry.revision);
  return told && mayKeep(entry, toldSince);
}
