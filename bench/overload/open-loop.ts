import type { Clock } from '../../src/base/clock.ts';
import { LatencyRecorder, type LatencySummary } from '../demo/latency.ts';
import type { Callers } from './callers.ts';

/** A load that does not care whether the server keeps up. */
export interface OpenLoop {
  readonly callers: Callers;
  readonly callsPerSecond: number;
  readonly seconds: number;
  /** The first seconds, which are not counted. */
  readonly settleSeconds: number;
  readonly clock: Clock;
}

/** What came of it, per second. */
export interface OpenLoopResult {
  readonly answered: number;
  readonly refused: number;
  readonly givenUp: number;
  /** From when a call was sent. */
  readonly answeredLatency: LatencySummary;
  readonly refusedLatency: LatencySummary;
  /** From when its caller wanted to send it. */
  readonly wantedLatency: LatencySummary;
  /** Milliseconds from the beginning to the last call that was refused or given up; 0 if there was none. */
  readonly lastFailureMs: number;
}

const TICK_MS = 1;

/** Makes calls at an even rate, whatever becomes of them. */
export async function driveOpenLoop(loop: OpenLoop): Promise<OpenLoopResult> {
  const { callers, seconds, settleSeconds, clock } = loop;
  const beganMs = clock.monotonicMs();
  const countFromMs = beganMs + settleSeconds * 1000;
  const counts = { answered: 0, refused: 0, 'given up': 0 };
  const recorders = { answered: new LatencyRecorder(), refused: new LatencyRecorder(), wanted: new LatencyRecorder() };
  let lastFailureMs = 0;
  callers.listen((end, sentMs, wantedMs) => {
    const nowMs = clock.monotonicMs();
    if (end !== 'answered') lastFailureMs = nowMs - beganMs;
    if (nowMs < countFromMs) return;
    counts[end] += 1;
    if (end === 'answered') recorders.wanted.record(wantedMs);
    if (end !== 'given up') recorders[end].record(sentMs);
  });
  await paced(loop, beganMs);
  const perSecond = (count: number): number => count / (seconds - settleSeconds);
  return {
    answered: perSecond(counts.answered),
    refused: perSecond(counts.refused),
    givenUp: perSecond(counts['given up']),
    answeredLatency: recorders.answered.summary(),
    refusedLatency: recorders.refused.summary(),
    wantedLatency: recorders.wanted.summary(),
    lastFailureMs,
  };
}

async function paced({ callers, callsPerSecond, seconds, clock }: OpenLoop, beganMs: number): Promise<void> {
  const perMs = callsPerSecond / 1000;
  let made = 0;
  for (;;) {
    const elapsedMs = clock.monotonicMs() - beganMs;
    if (elapsedMs >= seconds * 1000) return;
    const due = Math.floor(elapsedMs * perMs) - made;
    const first = made;
    callers.make(due, (index) => beganMs + (first + index) / perMs);
    made += due;
    await new Promise<void>((resolve) => clock.startTimer(TICK_MS, resolve));
  }
}
