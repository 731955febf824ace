import { limits } from '../base/limits.ts';
import type { GetQuery } from '../cache/get-entry.ts';
import type { Consistency } from '../cache/honour-tokens.ts';
import type { IncrementCommand } from '../cache/increment-entry.ts';
import type { SetCommand, SetCondition } from '../cache/set-entry.ts';
import type { TouchCommand } from '../cache/touch-entry.ts';
import type {
  BatchSetItem,
  GetRequest,
  IncrementRequest,
  SetRequest,
  TouchRequest,
} from '../gen/reprise/v1/cache_service.ts';
import type { AtLeast, Condition, Consistency as ConsistencyMessage } from '../gen/reprise/v1/entry.ts';
import type { Author, Once } from '../store/store.ts';
import {
  contentTypeField,
  durationField,
  invalid,
  keyField,
  leaseField,
  onceField,
  required,
  tagsField,
} from './request-fields.ts';

const ANY: Consistency = { kind: 'any' };
const LATEST: Consistency = { kind: 'latest' };
const UNCONDITIONAL: SetCondition = { kind: 'none' };

/** Returns how fresh a read must be. */
export function consistencyOf(message: ConsistencyMessage | undefined): Consistency {
  switch (message?.level?.$case) {
    case 'atLeast':
      return { kind: 'at-least', tokens: tokensOf(message.level.value) };
    case 'latest':
      return LATEST;
    case 'any':
    case undefined:
      return ANY;
  }
}

function tokensOf({ tokens }: AtLeast): readonly string[] {
  if (tokens.length >= 1 && tokens.length <= limits.tokensPerReadMax) return tokens;
  const message = `A read takes 1 to ${limits.tokensPerReadMax} tokens; there are ${tokens.length}.`;
  const metadata = { tokens: tokens.length, tokensMax: limits.tokensPerReadMax };
  throw invalid('TOO_MANY_TOKENS', 'consistency.at_least.tokens', message, metadata);
}

/** Returns what a GetRequest asks for. */
export function getQueryOf(request: GetRequest): GetQuery {
  return {
    key: keyField(request.key),
    consistency: consistencyOf(request.consistency),
    ifRevisionNot: request.ifRevisionNot,
    allowStale: request.allowStale,
    lease: leaseField(request.lease),
  };
}

/** Returns what a SetRequest or an item of a BatchSet asks for. */
export function setCommandOf(request: SetRequest | BatchSetItem, once: Once | undefined, author: Author): SetCommand {
  if (request.content === undefined) throw required('content');
  return {
    key: keyField(request.key),
    value: request.content.$case === 'value' ? request.content.value : undefined,
    contentType: contentTypeField(request.contentType),
    tags: tagsField(request.tags),
    ttlMs: durationField(request.ttl),
    staleWindowMs: durationField(request.staleWindow),
    condition: conditionOf(request.condition),
    once,
    author,
  };
}

/** Returns what a TouchRequest asks for. */
export function touchCommandOf(request: TouchRequest, author: Author): TouchCommand {
  return {
    key: keyField(request.key),
    ttlMs: durationField(request.ttl),
    staleWindowMs: durationField(request.staleWindow),
    once: onceField('touch', request.requestId),
    author,
  };
}

/** Returns what an IncrementRequest asks for. */
export function incrementCommandOf(request: IncrementRequest, author: Author): IncrementCommand {
  return {
    key: keyField(request.key),
    delta: request.delta,
    initial: request.initial,
    ttlMs: durationField(request.ttl),
    once: onceField('increment', request.requestId),
    author,
  };
}

function conditionOf(condition: Condition | undefined): SetCondition {
  const kind = condition?.kind;
  if (condition === undefined) return UNCONDITIONAL;
  if (kind === undefined) throw required('condition.kind');
  switch (kind.$case) {
    case 'absent':
    case 'present':
      return { kind: kind.$case };
    case 'revision':
      return { kind: 'revision', revision: nonEmpty(kind.value, 'condition.revision') };
    case 'leaseId':
      return { kind: 'lease', leaseId: nonEmpty(kind.value, 'condition.lease_id') };
    case 'fence':
      return { kind: 'fence', fence: nonEmpty(kind.value, 'condition.fence') };
  }
}

function nonEmpty(text: string, field: string): string {
  if (text === '') throw required(field);
  return text;
}
