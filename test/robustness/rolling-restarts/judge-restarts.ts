import type { ComingBack } from '../../support/follower.ts';
import { wrongValues } from '../exactly-once/wrong-values.ts';
import type { RestartFigures, RestartsResult } from './run-restarts.ts';

/** The largest share of a node's streams that it may tell to come back within the same 100 ms. They have three seconds. */
const TOLD_SHARE_MAX = 0.2;

/** Fewer streams than this say nothing of how they are spread. */
const STREAMS_MIN = 50;

const WINDOW_MS = 100;

/** Returns what went wrong, in words; nothing if nobody but the load balancer would notice the restarts. */
export function complaintsOf({ restarts, followers, load, values }: RestartsResult): string[] {
  const resets = followers.reduce((sum, follower) => sum + follower.resets, 0);
  const crowded = restarts.filter(({ comings }) => comings.length >= STREAMS_MIN);
  return [
    ...load.failures.map((failure) => `a call failed: ${failure}`),
    ...followers.flatMap(({ complaints }) => complaints.slice(0, 1).map((what) => `a stream: ${what}`)),
    ...followers.filter(({ next }) => next !== load.told).map(({ next }) => `a stream came to k${next}`),
    ...(resets === 0 ? [] : [`${resets} Resets`]),
    ...(crowded.length > 0 ? [] : ['too few streams came back at a time']),
    ...crowded.filter(isStorm).map(({ comings }) => `${toldShare(comings)} of the streams were sent to one moment`),
    ...(load.counts.unavailable > 0 ? [] : ['no call had to be tried again']),
    ...wrongValues(load.changers, values),
  ];
}

/** Returns what one restart did, in one line. */
export function lineOf({ node, drainMs, startMs, comings }: RestartFigures): string {
  const gaps = comings.map(({ endedMs, readyMs }) => readyMs - endedMs).toSorted((a, b) => a - b);
  const median = gaps[Math.floor((gaps.length - 1) / 2)] ?? 0;
  const shares = `${percent(toldShare(comings))} told, ${percent(triedShare(comings))} tried`;
  return (
    `node ${node}: drained in ${Math.round(drainMs)} ms, back ${Math.round(startMs)} ms later; ${comings.length} streams ` +
    `came back after ${Math.round(median)} ms (median) to ${Math.round(gaps.at(-1) ?? 0)} ms, at most ${shares} within 100 ms`
  );
}

/** Returns the whole run in a few lines. */
export function summaryOf({ restarts, followers, load }: RestartsResult): string {
  const total = (figure: (follower: (typeof followers)[number]) => number): number =>
    followers.reduce((sum, follower) => sum + figure(follower), 0);
  const { answered, resolved, unavailable, unknown, cut } = load.counts;
  const most = (share: (comings: readonly ComingBack[]) => number): string =>
    percent(Math.max(...restarts.map(({ comings }) => share(comings))));
  return [
    `${restarts.length} restarts; ${followers.length} streams came back ${total(({ comings }) => comings.length)} times; ` +
      `${total(({ broken }) => broken)} attempts found a node that was away, ${total(({ cut }) => cut)} streams ended without a status`,
    `${load.told} changes, each delivered to every stream once and in order; ${total(({ resets }) => resets)} Resets`,
    `at most ${most(toldShare)} of a node's streams told, and ${most(triedShare)} tried, to come back within 100 ms`,
    `${answered} calls answered, ${unavailable + unknown + cut} tries repeated (${unknown} of them OUTCOME_UNKNOWN and ` +
      `${cut} cut without a status, in ${resolved} calls), ${load.failures.length} failed; the longest took ${Math.round(load.longestMs)} ms`,
  ].join('\n');
}

function isStorm({ comings }: RestartFigures): boolean {
  return toldShare(comings) > TOLD_SHARE_MAX;
}

/** By what the node told: its own doing. */
function toldShare(comings: readonly ComingBack[]): number {
  return largestShare(comings.map(({ toldMs }) => toldMs));
}

/** By when they came: with what a busy machine made of it. */
function triedShare(comings: readonly ComingBack[]): number {
  return largestShare(comings.map(({ triedMs }) => triedMs));
}

function largestShare(momentsMs: readonly number[]): number {
  if (momentsMs.length === 0) return 0;
  const windows = Map.groupBy(momentsMs, (ms) => Math.floor(ms / WINDOW_MS));
  return Math.max(...[...windows.values()].map(({ length }) => length)) / momentsMs.length;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
