import type { Filter, LoggedChange } from '../history/history.ts';

/** Whether a change must reach a subscriber. `maybe` if nobody was told what would decide it. */
export type Match = 'yes' | 'no' | 'maybe';

/**
 * The rules of matching, written from the comments of the proto file and from nothing else, without any index: as slow
 * and as plain as can be.
 */
export function matchOf(change: LoggedChange, filter: Filter): Match {
  if (filter.causes.length > 0 && !filter.causes.includes(change.cause)) return 'no';
  const isOwn = filter.origin !== undefined && change.origin === filter.origin;
  if (isOwn && !filter.includeOwn) return 'no';
  return targetMatch(change, filter);
}

function targetMatch(change: LoggedChange, filter: Filter): Match {
  const { prefixes, tags, keys } = filter;
  if (prefixes.length + tags.length + keys.length === 0) return 'yes';
  const { target } = change;
  switch (target.kind) {
    case 'tag':
    case 'namespace':
      return 'yes';
    case 'prefix':
      return prefixMatches(target.prefix, filter) ? 'yes' : 'no';
    case 'key':
      return keyMatch(target.key, change, filter);
  }
}

function prefixMatches(prefix: string, { prefixes, tags, keys }: Filter): boolean {
  const nested = prefixes.some((asked) => asked.startsWith(prefix) || prefix.startsWith(asked));
  return nested || tags.length > 0 || keys.some((key) => key.startsWith(prefix));
}

function keyMatch(key: string, change: LoggedChange, { prefixes, tags, keys }: Filter): Match {
  if (keys.includes(key) || prefixes.some((prefix) => key.startsWith(prefix))) return 'yes';
  if (tags.some((tag) => change.tags.includes(tag))) return 'yes';
  return tags.some((tag) => change.tagsMaybe.includes(tag)) ? 'maybe' : 'no';
}
