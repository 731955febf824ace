import { revisionOf } from '../cache/revision.ts';
import {
  type Event,
  EventCause,
  InvalidationMode,
  ResetReason,
  SubscribeResponse,
} from '../gen/reprise/v1/invalidation_service.ts';
import type { ResetCause, StreamEncoder } from '../invalidation/stream-encoder.ts';
import { type ChangeCause, causeOf } from '../invalidation/subscription-filter.ts';
import type { Change } from '../store/store.ts';
import { durationOf } from './durations.ts';
import { MessageWriter } from './message-writer.ts';

const EVENTS_IN_RESPONSE = 0x12;
const EVENT_IN_EVENTS = 0x0a;
const TOKEN_IN_EVENTS = 0x12;
/** Bytes of an event's tag and length. */
const FRAME_BYTES = 4;
/** Bytes that a message takes at most beside its events and its token. */
const REST_BYTES = 24;

/** Tags of Event's fields: number × 8 + wire type, as proto/reprise/v1/invalidation_service.proto numbers them. */
const field = {
  key: 0x0a,
  tag: 0x12,
  prefix: 0x1a,
  wholeNamespace: 0x22,
  cause: 0x28,
  mode: 0x30,
  revision: 0x3a,
  actor: 0x42,
  traceparent: 0x4a,
} as const;
/** Bytes that an event takes at most beside three times its texts: tags, lengths, cause, mode and revision. */
const EVENT_REST_BYTES = 96;
/** Bytes that most events take: their length is one byte long then, and need not be moved. */
const EVENT_LIKELY_BYTES = 80;

/** One for all: a message is written to its end before the next begins. */
const writer = new MessageWriter();

/** How causes are called on the wire. */
export const eventCauses: Readonly<Record<ChangeCause, EventCause>> = {
  set: EventCause.SET,
  touch: EventCause.TOUCH,
  delete: EventCause.DELETE,
  key: EventCause.KEY,
  tag: EventCause.TAG,
  prefix: EventCause.PREFIX,
  namespace: EventCause.NAMESPACE,
  epoch: EventCause.EPOCH,
};

const resetReasons: Readonly<Record<ResetCause, ResetReason>> = {
  slow: ResetReason.SLOW,
  historyGone: ResetReason.HISTORY_GONE,
  tokenUnusable: ResetReason.TOKEN_UNUSABLE,
};

/**
 * Returns the encoder of SubscribeResponses. Deliberate: it keeps no bytes of changes. To look up what was encoded before
 * takes as long as to encode a change again, and a WeakMap of them takes the collector twice that.
 */
export function streamEncoder(): StreamEncoder {
  return {
    ready: (token, progressIntervalMs) =>
      response({ $case: 'ready', value: { token, progressInterval: durationOf(progressIntervalMs) } }),
    events: encodeEvents,
    progress: (token) => response({ $case: 'progress', value: { token } }),
    reset: (cause, token) => response({ $case: 'reset', value: { reason: resetReasons[cause], token } }),
    goingAway: (token, retryAfterMs) =>
      response({ $case: 'goingAway', value: { token, retryAfter: durationOf(retryAfterMs) } }),
    eventBytes,
  };
}

/**
 * Plain form: `response({ $case: 'events', value: { events: changes.map(eventOf), token } })`, which takes 12 µs for one
 * change and 40 µs for 32 where this takes 2 µs and 15 µs.
 */
function encodeEvents(changes: readonly Change[], token: string): Buffer {
  const likelyBytes = changes.length * EVENT_LIKELY_BYTES + token.length;
  writer.reserve(REST_BYTES);
  const start = writer.begin(EVENTS_IN_RESPONSE, likelyBytes);
  for (const change of changes) {
    writer.reserve(eventBytesMax(change));
    const eventStart = writer.begin(EVENT_IN_EVENTS, EVENT_LIKELY_BYTES);
    writeEvent(change);
    writer.end(eventStart, EVENT_LIKELY_BYTES);
  }
  writer.reserve(REST_BYTES + 3 * token.length);
  writer.string(TOKEN_IN_EVENTS, token);
  writer.end(start, likelyBytes);
  return writer.take();
}

function eventBytes(change: Change): number {
  writer.reserve(eventBytesMax(change));
  writeEvent(change);
  return writer.drop() + FRAME_BYTES;
}

/** Plain form: `Event.encode(eventOf(change), writer)`. There must be room for `eventBytesMax`. */
function writeEvent(change: Change): void {
  const { actor = '', traceparent = '' } = change.author ?? {};
  const target = targetOf(change);
  const mode = modeOf(change);
  // The whole namespace is an empty message, which is written as an empty text is.
  writer.string(field[target.$case], target.$case === 'wholeNamespace' ? '' : target.value);
  writer.byte(field.cause);
  writer.byte(eventCauses[causeOf(change)]);
  if (mode !== InvalidationMode.UNSPECIFIED) {
    writer.byte(field.mode);
    writer.byte(mode);
  }
  writer.revision(field.revision, change.position);
  if (actor !== '') writer.string(field.actor, actor);
  if (traceparent !== '') writer.string(field.traceparent, traceparent);
}

function eventBytesMax(change: Change): number {
  const { actor = '', traceparent = '' } = change.author ?? {};
  const target = targetOf(change);
  const targetLength = target.$case === 'wholeNamespace' ? 0 : target.value.length;
  return EVENT_REST_BYTES + 3 * (targetLength + actor.length + traceparent.length);
}

/** Returns a change as subscribers see it. */
export function eventOf(change: Change): Event {
  return {
    target: targetOf(change),
    cause: eventCauses[causeOf(change)],
    mode: modeOf(change),
    revision: revisionOf(change.position),
    actor: change.author?.actor ?? '',
    traceparent: change.author?.traceparent ?? '',
  };
}

function targetOf(change: Change): NonNullable<Event['target']> {
  if (change.kind === 'epoch') return { $case: 'wholeNamespace', value: {} };
  if (change.kind !== 'invalidate') return { $case: 'key', value: change.key };
  const { selector } = change;
  switch (selector.kind) {
    case 'key':
      return { $case: 'key', value: selector.key };
    case 'tag':
      return { $case: 'tag', value: selector.tag };
    case 'prefix':
      return { $case: 'prefix', value: selector.prefix };
    case 'namespace':
      return { $case: 'wholeNamespace', value: {} };
  }
}

function modeOf(change: Change): InvalidationMode {
  if (change.kind !== 'invalidate') return InvalidationMode.UNSPECIFIED;
  return change.mode === 'remove' ? InvalidationMode.REMOVE : InvalidationMode.MARK_STALE;
}

function response(event: SubscribeResponse['event']): Buffer {
  return bufferOf(SubscribeResponse.encode({ event }).finish());
}

/** The same bytes, as grpc-js wants them. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
