import { subscribe } from 'node:diagnostics_channel';
import type { Http2Session, Http2Stream } from 'node:http2';
import { types } from 'node:util';
import { SlotMap } from '../base/slot-map.ts';

/** The part of a session's state, which Node keeps under a symbol of its own, that is ours to replace. */
interface SessionState {
  streams?: unknown;
}

let isSubscribed = false;
let stateSymbol: symbol | undefined;

/**
 * Lets every HTTP/2 session of this process keep its streams in a `SlotMap` instead of Node's Map, from its first stream
 * on. Where Node keeps them otherwise than expected, nothing is done.
 *
 * Deliberate, though it reaches into Node: by the chain that `SlotMap` tells of, streams of finished calls survived with
 * their headers and messages, 6 MB of every 25. A young collection took 16 ms instead of 4 on a busy machine, and a call
 * 13 µs more.
 */
export function keepStreamsInSlots(): void {
  if (isSubscribed) return;
  isSubscribed = true;
  subscribe('http2.server.stream.created', (message) => {
    const { session } = (message as { readonly stream: Http2Stream }).stream;
    const state = session && stateOf(session);
    if (types.isMap(state?.streams)) state.streams = new SlotMap(Map.prototype.entries.call(state.streams));
  });
}

function stateOf(session: Http2Session): SessionState | undefined {
  stateSymbol ??= Object.getOwnPropertySymbols(session).find(({ description }) => description === 'state');
  return stateSymbol && (session as unknown as Record<symbol, SessionState>)[stateSymbol];
}
