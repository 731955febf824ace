import type { Clock } from '../../src/base/clock.ts';
import type { Trace } from '../traces/trace.ts';
import { LatencyRecorder, type LatencySummary } from './latency.ts';

/** A cache that a trace can be replayed against. */
export interface ReplayTarget {
  /** True on a hit. */
  get(key: number, signal: AbortSignal): Promise<boolean>;
  /** Stores a value of this size. Returns false if the cache refuses it as too large. */
  set(key: number, valueBytes: number, signal: AbortSignal): Promise<boolean>;
}

/** How a trace is replayed. */
export interface ReplayOptions {
  readonly trace: Trace;
  readonly target: ReplayTarget;
  /** Bytes of the value stored for the request at `index`. */
  readonly valueBytesAt: (index: number) => number;
  /** Requests under way at the same time. With 1 the order of the trace is kept exactly. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, hits: number) => void;
}

/** What a replay found. */
export interface ReplayResult {
  readonly requests: number;
  readonly hits: number;
  /** Values that the cache refused as too large. */
  readonly refused: number;
  readonly elapsedMs: number;
  readonly get: LatencySummary;
  readonly set: LatencySummary;
}

/** Replays a whole trace: get; on a miss set. Rejects if the target or the signal does. */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const state: ReplayState = {
    next: 0,
    done: 0,
    hits: 0,
    refused: 0,
    get: new LatencyRecorder(),
    set: new LatencyRecorder(),
  };
  const startMs = options.clock.monotonicMs();
  await Promise.all(Array.from({ length: options.concurrency }, () => replayNext(options, state)));
  return {
    requests: state.done,
    hits: state.hits,
    refused: state.refused,
    elapsedMs: options.clock.monotonicMs() - startMs,
    get: state.get.summary(),
    set: state.set.summary(),
  };
}

interface ReplayState {
  next: number;
  done: number;
  hits: number;
  refused: number;
  readonly get: LatencyRecorder;
  readonly set: LatencyRecorder;
}

async function replayNext(options: ReplayOptions, state: ReplayState): Promise<void> {
  while (state.next < options.trace.requests) {
    const index = state.next;
    state.next += 1;
    await replayOne(options, state, index);
    state.done += 1;
    options.onProgress(state.done, state.hits);
  }
}

async function replayOne(options: ReplayOptions, state: ReplayState, index: number): Promise<void> {
  const { target, clock, signal } = options;
  const key = options.trace.keys[index]!;
  const hit = await timed(clock, state.get, () => target.get(key, signal));
  if (hit) {
    state.hits += 1;
    return;
  }
  const stored = await timed(clock, state.set, () => target.set(key, options.valueBytesAt(index), signal));
  if (!stored) state.refused += 1;
}

async function timed<T>(clock: Clock, recorder: LatencyRecorder, call: () => Promise<T>): Promise<T> {
  const startMs = clock.monotonicMs();
  const result = await call();
  recorder.record(clock.monotonicMs() - startMs);
  return result;
}
