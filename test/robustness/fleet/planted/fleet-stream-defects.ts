import type { FleetHistory } from '../history/fleet-history.ts';
import type { FleetMessage, FleetSession } from '../history/fleet-session.ts';
import type { FleetDefect } from './fleet-defects.ts';

type Events = Extract<FleetMessage, { kind: 'events' }>;

/** Defects in what subscribers were told. */
export const streamDefects: readonly FleetDefect[] = [
  {
    what: 'a change is not told',
    breaks: 'NoSilentGap',
    plant: (history) => changed(history, 0, (events) => ({ ...events, events: events.events.slice(0, -1) })),
  },
  {
    what: 'a resumed stream begins too late',
    breaks: 'Resumable',
    plant: (history) => changed(history, 1, (events) => ({ ...events, events: [] })),
  },
  {
    what: 'a token overtakes what it stands for',
    breaks: 'Bookmarkable',
    plant(history) {
      const [session] = history.sessions;
      const index = session?.received.findIndex(({ kind }) => kind === 'events') ?? -1;
      if (session === undefined || index === -1) return undefined;
      const { token, heardMs } = session.received[index]!;
      const early: FleetMessage = { kind: 'progress', token, heardMs };
      const received = [...session.received.slice(0, index), early, ...session.received.slice(index)];
      return withSession(history, session, { ...session, received });
    },
  },
  {
    what: 'changes are told in another order',
    breaks: 'InOrder',
    plant: (history) => changed(history, 0, (events) => ({ ...events, events: [...events.events].reverse() })),
  },
];

/** Changes the first message of a session that tells of several changes of different keys. */
function changed(history: FleetHistory, index: number, how: (events: Events) => Events): FleetHistory | undefined {
  const session = history.sessions[index];
  const message = session?.received.find((each): each is Events => {
    return each.kind === 'events' && new Set(each.events.map(({ target }) => JSON.stringify(target))).size === 3;
  });
  if (session === undefined || message === undefined) return undefined;
  const received = session.received.map((each) => (each === message ? how(message) : each));
  return withSession(history, session, { ...session, received });
}

function withSession(history: FleetHistory, session: FleetSession, other: FleetSession): FleetHistory {
  return { ...history, sessions: history.sessions.map((each) => (each === session ? other : each)) };
}
