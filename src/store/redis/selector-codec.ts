import { scopePrefixes } from '../../cache/rules/scope-prefix.ts';
import type { Coverable, Selector } from '../../cache/rules/selector.ts';

/** Returns a selector as text: a letter for its kind, then its name. */
export function packSelector(selector: Selector): string {
  switch (selector.kind) {
    case 'namespace':
      return 'n';
    case 'prefix':
      return `p${selector.prefix}`;
    case 'tag':
      return `t${selector.tag}`;
    case 'key':
      return `k${selector.key}`;
  }
}

/** Reads a selector. */
export function readSelector(packed: string): Selector {
  const name = packed.slice(1);
  switch (packed[0]) {
    case 'n':
      return { kind: 'namespace' };
    case 'p':
      return { kind: 'prefix', prefix: name };
    case 't':
      return { kind: 'tag', tag: name };
    case 'k':
      return { kind: 'key', key: name };
    default:
      throw new RangeError('no selector begins so');
  }
}

/** Returns all selectors that cover an entry, as text. */
export function selectorsCovering({ key, tags }: Coverable): string[] {
  return ['n', `k${key}`, ...scopePrefixes(key).map((prefix) => `p${prefix}`), ...tags.map((tag) => `t${tag}`)];
}
