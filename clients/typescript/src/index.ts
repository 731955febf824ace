export type { ShowOptions } from './calls/answer.ts';
export type {
  CountedResult,
  InvalidatedResult,
  InvalidateOptions,
  InvalidateResult,
  NodeReceipt,
  RefusedResult,
} from './calls/invalidate.ts';
export type { ExistsResult, GetOptions, ItemFailure } from './calls/read.ts';
export type {
  Condition,
  DeletedResult,
  DeleteResult,
  EntryOptions,
  IncrementedResult,
  IncrementOptions,
  IncrementResult,
  LifetimeOptions,
  NotIncrementedResult,
  NotStoredResult,
  NotTouchedResult,
  PassedThrough,
  SetNegativeOptions,
  SetOptions,
  SetResult,
  StoredResult,
  TouchedResult,
  TouchResult,
} from './calls/write.ts';
export type { DeleteManyResult, SetItem, SetManyResult } from './calls/write-many.ts';
export { Client } from './client.ts';
export type { Codec } from './codecs/codec.ts';
export { jsonCodec } from './codecs/json.ts';
export { msgpackCodec } from './codecs/msgpack.ts';
export { rawCodec } from './codecs/raw.ts';
export type { Compute, ComputeOptions } from './compute/options.ts';
export { type ConnectOptions, connect } from './connect.ts';
export {
  CodecError,
  DeadlineExceededError,
  type Failure,
  InvalidArgumentError,
  NotFoundError,
  OutcomeUnknownError,
  OverloadedError,
  RepriseError,
  UnavailableError,
} from './errors.ts';
export type { FreshnessOptions } from './freshness/demand.ts';
export type { Hit, Lookup, Miss, MissCause, Negative, Served } from './lookup.ts';
export type { NearCacheOptions } from './near/near-cache.ts';
export type { DropCause, NearStats } from './near/near-stats.ts';
export type { Change, ChangeCause, ChangeTarget, ResetCause, StreamMessage, StreamState } from './stream/message.ts';
export { type SubscribeOptions, Subscription } from './stream/subscription.ts';
export type { CallOptions } from './transport/caller.ts';
export type { Pem, SecurityOptions, TlsOptions } from './transport/security.ts';
