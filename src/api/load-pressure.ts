import { limits } from '../base/limits.ts';
import { callGroups } from './call-groups.ts';

/** What the pressure rises by in a step: as much for each time the bound of the delay, and at most. */
const RISE = 0.1;
const RISE_MAX = 0.5;
const FALL = 0.1;
/** The part of the pressure that stays when there was hardly any delay. */
const CALM_FACTOR = 0.6;
const CALM_LATENESS = 0.1;
const PRESSURE_MIN = 0.1;
/** By what the streams of a connection are divided at most, and multiplied where there is room again. */
const CUT_MAX = 2;
const ROOM_LATENESS = 0.5;
const GROWTH = 1.1;
const CALM_GROWTH = 2;

/** How hard a server holds back what comes to it. */
export interface Load {
  /** From 0 to the number of groups: how many are refused altogether, and which share of the next one. */
  readonly pressure: number;
  /** Calls that each connection may have open. */
  readonly streamsMax: number;
}

/** A server with time for everybody. */
export const noLoad: Load = { pressure: 0, streamsMax: limits.streamsPerConnectionMax };

/**
 * Returns the load of the next step. The pressure rises by how late the event loop was and falls slowly, so that it
 * settles where the delay is bearable. Once no more may be refused, connections are given fewer streams: then calls wait
 * at their callers, where they cost nothing. Where there is hardly any delay both go away in a second or two.
 *
 * @param lateness the delay in times of its bound
 * @param isBounded more should have been refused than may be: a higher pressure would only refuse other calls
 */
export function nextLoad({ pressure, streamsMax }: Load, lateness: number, isBounded: boolean): Load {
  if (lateness > 1) {
    const rise = isBounded ? 0 : Math.min(RISE * lateness, RISE_MAX);
    const fewer = isBounded ? Math.max(1, Math.floor(streamsMax / Math.min(lateness, CUT_MAX))) : streamsMax;
    return { pressure: Math.min(pressure + rise, callGroups.length), streamsMax: fewer };
  }
  const isCalm = lateness < CALM_LATENESS;
  const more = lateness < ROOM_LATENESS ? Math.ceil(streamsMax * (isCalm ? CALM_GROWTH : GROWTH)) : streamsMax;
  return { pressure: fallen(pressure, isCalm, streamsMax), streamsMax: Math.min(more, noLoad.streamsMax) };
}

// While connections are held back, what is late is not all there is.
function fallen(pressure: number, isCalm: boolean, streamsMax: number): number {
  if (isCalm) return pressure * CALM_FACTOR < PRESSURE_MIN ? 0 : pressure * CALM_FACTOR;
  if (streamsMax < noLoad.streamsMax) return pressure;
  return pressure - FALL < PRESSURE_MIN ? 0 : pressure - FALL;
}

/** Returns which share of a group's calls is refused: the group's place among all decides. 0 to 1. */
export function refusedShare(pressure: number, rank: number): number {
  return Math.min(1, Math.max(0, pressure - rank));
}
