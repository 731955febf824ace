import { millisecondsOf } from '../base/durations.ts';
import { enumName } from '../base/enum-name.ts';
import { type ClientParts, newRequestId } from '../client-parts.ts';
import { RepriseError } from '../errors.ts';
import {
  CountPrecision,
  type InvalidateRequest,
  type InvalidateResponse,
  InvalidationMode,
  InvalidationServiceService,
  NodeState,
  type Receipt,
  RefusedReason,
  WaitFor,
} from '../gen/reprise/v1/invalidation_service.ts';
import type { Selector } from '../near/near-rule.ts';
import type { CallOptions } from '../transport/caller.ts';
import { checkedKeys } from './checked-key.ts';
import type { PassedThrough } from './write.ts';

/** How entries are invalidated. */
export interface InvalidateOptions extends CallOptions {
  /** `REMOVE` (default): they are gone. `MARK_STALE`: they are stale, and may be served to whoever allows it. */
  readonly mode?: 'REMOVE' | 'MARK_STALE';
  /** Only count what would be affected. */
  readonly dryRun?: boolean;
  /** Do nothing if more entries than this would be affected. */
  readonly affectedMax?: bigint | number;
  /** Answer when the store has it (default), when every node has, or when the subscribers of every node were told too. */
  readonly wait?: 'ACCEPTED' | 'NODES' | 'STREAMS';
  /** Let a node with a spool keep it where the store can't be reached. */
  readonly deferred?: boolean;
}

/** The outcome of an invalidation. */
export type InvalidateResult = InvalidatedResult | CountedResult | RefusedResult | PassedThrough;

/** The invalidation is in force. */
export interface InvalidatedResult {
  readonly kind: 'invalidated';
  /** A read `atLeast` this sees nothing that was invalidated. Empty if it was deferred. */
  readonly token: string;
  /** A node keeps the invalidation and makes it later. No promise covers it until then. */
  readonly deferred: boolean;
  /** How far every node has come. Only for a `wait` beyond `ACCEPTED`. */
  readonly receipt?: readonly NodeReceipt[];
}

/** How far one node has come. */
export interface NodeReceipt {
  readonly node: string;
  readonly state: keyof typeof NodeState;
  /** Milliseconds since the store heard of it; undefined if it has not. */
  readonly silentForMs: number | undefined;
}

/** What a dry run found. */
export interface CountedResult {
  readonly kind: 'counted';
  readonly affected: bigint;
  /** `AT_LEAST`: the deadline ended the count. */
  readonly precision: keyof typeof CountPrecision;
}

/** `affectedMax` forbade it: nothing was invalidated. */
export interface RefusedResult {
  readonly kind: 'refused';
  readonly reason: keyof typeof RefusedReason;
  readonly affected: bigint;
}

/** What an invalidation names. */
export type Named =
  | { readonly keys: readonly string[] }
  | { readonly tags: readonly string[] }
  | { readonly prefix: string }
  | { readonly all: true };

/** Invalidates what is named, and sees to it that this client reads nothing older afterwards. */
export async function invalidate(
  { caller, namespace, near, own, random }: ClientParts,
  named: Named,
  options: InvalidateOptions,
): Promise<Exclude<InvalidateResult, PassedThrough>> {
  const { mode = 'REMOVE', dryRun = false, affectedMax, wait = 'ACCEPTED', deferred = false, ...calling } = options;
  const request: Partial<InvalidateRequest> = {
    namespace,
    selector: selectorOf(named),
    mode: InvalidationMode[mode],
    dryRun,
    affectedMax: affectedMax === undefined ? undefined : BigInt(affectedMax),
    requestId: newRequestId(random),
    wait: WaitFor[wait],
    deferred,
  };
  const selectors = dryRun ? [] : selectorsOf(named);
  near?.ownInvalidation(selectors);
  try {
    const answer = await caller.call(InvalidationServiceService.invalidate, request, { ...calling, change: !dryRun });
    const outcome = outcomeOf(answer);
    if (outcome.kind === 'invalidated') own.invalidated(selectors, outcome.token);
    return outcome;
  } finally {
    near?.ownInvalidation(selectors);
  }
}

function selectorOf(named: Named): InvalidateRequest['selector'] {
  if ('keys' in named) return { $case: 'keys', value: { keys: checkedKeys(named.keys) } };
  if ('tags' in named) return { $case: 'tags', value: { tags: [...named.tags] } };
  if ('prefix' in named) return { $case: 'prefix', value: named.prefix };
  return { $case: 'wholeNamespace', value: {} };
}

function selectorsOf(named: Named): Selector[] {
  if ('keys' in named) return named.keys.map((key) => ({ kind: 'key', key }));
  if ('tags' in named) return named.tags.map((tag) => ({ kind: 'tag', tag }));
  if ('prefix' in named) return [{ kind: 'prefix', prefix: named.prefix }];
  return [{ kind: 'namespace' }];
}

function outcomeOf({ result }: InvalidateResponse): Exclude<InvalidateResult, PassedThrough> {
  switch (result?.$case) {
    case 'counted': {
      const { affected, precision } = result.value;
      return { kind: 'counted', affected, precision: enumName(CountPrecision, precision) };
    }
    case 'refused': {
      const { affected, reason } = result.value;
      return { kind: 'refused', affected, reason: enumName(RefusedReason, reason) };
    }
    case 'invalidated': {
      const { token, deferred, receipt } = result.value;
      return {
        kind: 'invalidated',
        token,
        deferred,
        ...(receipt === undefined ? {} : { receipt: receiptOf(receipt) }),
      };
    }
    default:
      throw new RepriseError('The server told an outcome that this client does not know.', { code: 'UNKNOWN' });
  }
}

function receiptOf({ nodes }: Receipt): NodeReceipt[] {
  return nodes.map(({ node, state, silentFor }) => ({
    node,
    state: enumName(NodeState, state),
    silentForMs: silentFor && millisecondsOf(silentFor),
  }));
}
