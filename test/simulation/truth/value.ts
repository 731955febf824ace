import type { Position } from '../../../src/cache/rules/position.ts';
import type { Effect } from './effect.ts';

/** For how long a value may be served, because of one effect. */
export interface Life {
  readonly effect: Effect;
  readonly freshUntilMs: number;
  readonly goneAtMs: number;
}

/** Something a caller computed and stored. */
export interface Value {
  readonly id: number;
  readonly key: string;
  readonly tags: readonly string[];
  /** How it was stored: as it came, or as the fill of a miss. */
  readonly origin: 'plain' | 'fence' | 'lease';
  readonly ttlMs: number;
  readonly staleWindowMs: number;
  /** When the caller began to compute it; for a plain Set when the Set was sent. */
  readonly begunAtMs: number;
  ackedAtMs: number | undefined;
  /** Every change that put it there: its Sets, and Touches. */
  readonly effects: Effect[];
  readonly lives: Life[];
  /** What its stamp was made of. */
  stamp: Position | undefined;
  /** Why WriteVisible does not speak of it: the exceptions that the promise names. */
  excuse: string | undefined;
}

/** Tells a value in a few words. */
export function valueWords(value: Value): string {
  const acked = value.ackedAtMs === undefined ? 'never acknowledged' : `acknowledged ${value.ackedAtMs}`;
  const tags = value.tags.length === 0 ? '' : ` tags ${value.tags.join(',')}`;
  return `v${value.id} of ${value.key}${tags} (${value.origin}, begun ${value.begunAtMs}, ${acked})`;
}
