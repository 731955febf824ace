import { limits } from '../base/limits.ts';
import { RepriseError } from '../errors.ts';
import type { Consistency } from '../gen/reprise/v1/entry.ts';
import type { OwnDemand } from './own-tokens.ts';

/** How fresh a read must be, as its caller asks. */
export interface FreshnessOptions {
  /** Tokens of changes that the answer must not be older than. */
  readonly atLeast?: string | readonly string[] | undefined;
  /** Read from the store itself, past every tier in front of it. */
  readonly latest?: boolean | undefined;
}

/** How fresh a read must be: by its caller's wish, and by the client's own knowledge. */
export interface Demand {
  readonly latest: boolean;
  /** Tokens that the caller gave. */
  readonly asked: readonly string[];
  /** Tokens that the client adds, of its own changes and its stream. */
  readonly own: readonly string[];
}

/** Returns the demand of a read. */
export function demandOf({ atLeast = [], latest = false }: FreshnessOptions, own: OwnDemand, streamToken = ''): Demand {
  const asked = typeof atLeast === 'string' ? [atLeast] : atLeast;
  if (latest || own === 'latest') return { latest: true, asked: [], own: [] };
  return bounded({ latest: false, asked, own: streamToken === '' ? own : [...own, streamToken] });
}

/** Returns one demand that is as strict as several. */
export function strictest(demands: readonly Demand[]): Demand {
  const all = (kind: 'asked' | 'own'): string[] => [...new Set(demands.flatMap((demand) => demand[kind]))];
  if (demands.some(({ latest }) => latest)) return { latest: true, asked: [], own: [] };
  return bounded({ latest: false, asked: all('asked'), own: all('own') });
}

/** Returns a demand in the words of the contract. */
export function consistencyOf({ latest, asked, own }: Demand): Consistency | undefined {
  if (latest) return { level: { $case: 'latest', value: {} } };
  const tokens = [...asked, ...own];
  return tokens.length === 0 ? undefined : { level: { $case: 'atLeast', value: { tokens } } };
}

/**
 * Returns the demand to repeat a read with after an error: without the tokens that the client itself added, where a token
 * was unusable. Undefined if the read must not be repeated: the caller's own tokens are the caller's to drop.
 */
export function demandAfter(error: unknown, demand: Demand): Demand | undefined {
  if (!(error instanceof RepriseError) || error.reason !== 'TOKEN_UNUSABLE' || demand.own.length === 0)
    return undefined;
  return { ...demand, own: [] };
}

// More tokens than a read may carry: the store's latest is as fresh as any of them.
function bounded(demand: Demand): Demand {
  const isTooMany = demand.own.length > 0 && demand.asked.length + demand.own.length > limits.readTokensMax;
  return isTooMany ? { latest: true, asked: [], own: [] } : demand;
}
