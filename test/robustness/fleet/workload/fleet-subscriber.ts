import { status } from '@grpc/grpc-js';
import { durationOf } from '../../../../src/api/durations.ts';
import {
  EventCause,
  InvalidationServiceService,
  ResetReason,
  type SubscribeResponse,
} from '../../../../src/gen/reprise/v1/invalidation_service.ts';
import type { SeededRandom } from '../../../support/seeded-random.ts';
import { until } from '../../../support/until.ts';
import type { Filter } from '../../history/history.ts';
import { nameIn, toldOfEvent } from '../../history/told.ts';
import { everything, pickFilter } from '../../workload/pick-filter.ts';
import type { FleetMessage, FleetSession } from '../history/fleet-session.ts';
import type { FleetNode } from './fleet-node.ts';
import type { FleetWorld } from './fleet-world.ts';
import { pass } from './pause.ts';

const { path, requestSerialize, responseDeserialize } = InvalidationServiceService.subscribe;
const PROGRESS_MS = 200;
/** Milliseconds that a stream lasts at most before it goes on at another node. */
const STAY_MS_MAX = 4000;

/** One who subscribes again and again, each time on another node after the last token of the one before. */
export async function runSubscriber(
  world: FleetWorld,
  random: SeededRandom,
  name: string,
  isOver: () => boolean,
): Promise<void> {
  const filter = random.chance(0.5) ? everything : { ...pickFilter(random), origin: undefined };
  let token = '';
  while (!isOver()) {
    const stream = openStream(world, random.pick(world.nodes), {
      subscriber: name,
      filter,
      token: random.chance(0.9) ? token : '',
    });
    const leaveMs = world.nowMs() + random.below(STAY_MS_MAX);
    await until(() => isOver() || stream.ended() || world.nowMs() >= leaveMs, {
      withinMs: 2 * STAY_MS_MAX,
      what: 'the time to leave',
    });
    token = stream.token() || token;
    await stream.leave();
    await pass(random.below(100));
  }
}

/** Reads a stream from a token on until it has come to the end of what is there, on a fleet that is well. */
export async function readToEnd(world: FleetWorld, node: FleetNode, name: string): Promise<void> {
  const stream = openStream(world, node, { subscriber: name, filter: everything, token: '' });
  await until(() => stream.session().received.some(({ kind }) => kind === 'progress'), {
    withinMs: 30_000,
    what: 'progress after all faults',
  });
  await stream.leave();
}

interface OpenStream {
  ended(): boolean;
  token(): string;
  session(): FleetSession;
  leave(): Promise<void>;
}

/** What a stream is asked for. */
interface StreamWish {
  readonly subscriber: string;
  readonly filter: Filter;
  readonly token: string;
}

function openStream(world: FleetWorld, node: FleetNode, { subscriber, filter, token }: StreamWish): OpenStream {
  const { recorder } = world;
  const received: FleetMessage[] = [];
  let newest = '';
  let end: Pick<FleetSession, 'endCode' | 'endReason'> = { endCode: undefined, endReason: '' };
  const started = {
    subscriber,
    node: node.index,
    filter,
    resume: token === '' ? [] : recorder.open(token),
    openedMs: world.nowMs(),
  };
  const session = (): FleetSession => ({ ...started, ...end, received: [...received] });
  recorder.sessions.push(session);
  const stream = node.process.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {
    namespace: '',
    prefixes: [...filter.prefixes],
    tags: [...filter.tags],
    keys: [...filter.keys],
    causes: filter.causes.map((cause) => EventCause[cause]),
    resumeToken: token,
    progressInterval: durationOf(PROGRESS_MS),
    includeOwn: false,
    epochs: false,
  });
  stream.on('data', ({ event }: SubscribeResponse) => {
    if (event === undefined) return;
    newest = event.value.token || newest;
    received.push(messageOf(event, recorder.open(event.value.token), world.nowMs()));
  });
  stream.on('error', () => undefined);
  stream.on('status', ({ code, details }) => {
    end = { endCode: code, endReason: `${status[code]} ${details}` };
  });
  const ended = (): boolean => end.endCode !== undefined;
  const leave = async (): Promise<void> => {
    stream.cancel();
    await until(ended, { what: 'the end of a stream that was left' });
  };
  return { ended, token: () => newest, session, leave };
}

function messageOf(
  event: NonNullable<SubscribeResponse['event']>,
  token: FleetMessage['token'],
  heardMs: number,
): FleetMessage {
  const heard = { token, heardMs };
  switch (event.$case) {
    case 'events': {
      const events = event.value.events.map((each) => ({ ...toldOfEvent(each), traceparent: each.traceparent }));
      return { ...heard, kind: 'events', events };
    }
    case 'reset':
      return { ...heard, kind: 'reset', reason: nameIn(ResetReason, event.value.reason) };
    case 'goingAway':
      return { ...heard, kind: 'going-away' };
    default:
      return { ...heard, kind: event.$case };
  }
}
