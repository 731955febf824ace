import { revisionOf } from '../../../../src/cache/revision.ts';
import type { Epoch } from '../../../../src/cache/rules/position.ts';
import type { Placed } from '../../../../src/cache/rules/token.ts';
import type { History, LoggedChange, Mark, Received, Resume, Session } from '../../history/history.ts';
import { toldOfChange } from '../../history/told.ts';
import type { FleetMessage, FleetSession } from './fleet-session.ts';
import type { Effect, Truth } from './truth.ts';

/** The changes of one partition that were not lost, as the validators of streams want them. */
interface Line {
  readonly partition: number;
  readonly effects: readonly Effect[];
  readonly changes: readonly LoggedChange[];
  readonly orders: ReadonlyMap<string, number>;
}

/** Returns what happened to one partition's streams; a subscriber reads as many of them as its namespace has partitions. */
export function streamsOf(truth: Truth, partition: number): History {
  const line = lineOf(truth, partition);
  return {
    changes: line.changes,
    mutations: [],
    sessions: truth.history.sessions.map((session) => sessionIn(truth, line, session)),
    retainedChanges: Number.POSITIVE_INFINITY,
    streamsLeft: truth.history.streamsLeft,
    restarts: 0,
  };
}

function lineOf(truth: Truth, partition: number): Line {
  const effects = truth.effects
    // A new epoch takes a number and is of no namespace; what was lost before the store was emptied was there until then.
    .filter(
      ({ change, point }) => point.partition === partition && change.kind !== 'epoch' && stoodInItsEra(truth, point),
    )
    .sort((a, b) => a.point.era - b.point.era || a.point.number - b.point.number);
  const changes = effects.map(({ change }, index): LoggedChange => {
    const traceparent = change.author?.traceparent ?? '';
    const { namespaceId, tags, author } = change;
    const base = {
      order: index + 1,
      namespaceId,
      tags,
      tagsMaybe: [],
      origin: author?.origin || undefined,
      traceparent,
    };
    return { ...toldOfChange(change), ...base };
  });
  const orders = new Map(changes.map(({ revision, order }) => [revision, order]));
  return { partition, effects, changes, orders };
}

function stoodInItsEra(truth: Truth, { partition, era, lostMs }: Effect['point']): boolean {
  if (lostMs === undefined) return true;
  return lostMs >= endOfEraMs(truth, partition, era);
}

/** When the next era was first seen. */
function endOfEraMs(truth: Truth, partition: number, era: number): number {
  const lineage = truth.lineages.get(partition)!;
  const next = lineage.histories.find((_, index) => lineage.eraAt(index) === era + 1);
  return next?.seenMs ?? Number.POSITIVE_INFINITY;
}

function sessionIn(truth: Truth, line: Line, session: FleetSession): Session {
  const { subscriber, filter, openedMs, endCode, endReason } = session;
  const { namespaceId } = truth.history;
  return {
    ...{ subscriber, filter, namespaceId, endCode, endReason, stalls: [], faults: ['cut'] },
    resume: resumeIn(truth, line, session.resume),
    progressIntervalMs: 0,
    openedAt: line.effects.filter(({ seenMs }) => seenMs <= openedMs).length,
    received: session.received.map((message) => messageIn(truth, line, message)),
  };
}

function resumeIn(truth: Truth, line: Line, token: readonly Placed[]): Resume {
  if (token.length === 0) return { kind: 'none' };
  const mark = markIn(truth, line, token);
  return mark === undefined ? { kind: 'unusable' } : { kind: 'after', mark };
}

function messageIn(truth: Truth, line: Line, message: FleetMessage): Received {
  const heard = { mark: markIn(truth, line, message.token), heardAt: 0, heardMs: message.heardMs };
  switch (message.kind) {
    case 'ready':
      return { ...heard, kind: 'ready', progressIntervalMs: 0 };
    case 'progress':
      return { ...heard, kind: 'progress' };
    case 'going-away':
      return { ...heard, kind: 'going-away', retryAfterMs: 0 };
    case 'reset':
      return { ...heard, kind: 'reset', reason: message.reason };
    case 'events': {
      const events = message.events
        .filter(({ revision }) => partitionOf(truth, revision) === line.partition)
        .map((event) => ({ ...event, order: line.orders.get(event.revision), actor: 'anonymous' }));
      return { ...heard, kind: 'events', events };
    }
  }
}

/** Returns what a token says of a partition: the newest change up to it; in an epoch of its own if that was lost. */
function markIn(truth: Truth, line: Line, token: readonly Placed[]): Mark | undefined {
  const placed = token.find(({ partition }) => partition === line.partition);
  const point = placed && truth.pointOf(placed);
  if (placed === undefined || point === undefined) return undefined;
  const exact = line.orders.get(revisionOf(placed.position));
  const isLost = !stoodInItsEra(truth, point);
  const number = isLost ? point.shared : point.number;
  const before = line.effects.findLastIndex((effect) => {
    return effect.point.era < point.era || (effect.point.era === point.era && effect.point.number <= number);
  });
  const epoch = isLost ? `lost ${placed.position.epoch}` : `era ${point.era}`;
  return { namespaceId: truth.history.namespaceId, epoch, at: exact ?? before + 1 };
}

/** Epochs are of one partition each. */
function partitionOf(truth: Truth, revision: string): number | undefined {
  const epoch = revision.split('-')[0];
  return truth.partitionOfEpoch(epoch ?? '');
}

/** Tells whether a failover lost the change with a revision. What was there until the store was emptied was not. */
export function wasLost(truth: Truth, revision: string): boolean {
  const partition = partitionOf(truth, revision);
  const [epoch, number] = revision.split('-');
  if (partition === undefined) return false;
  const point = truth.pointOf({ partition, position: { epoch: epoch as Epoch, number: Number(number) } });
  return point !== undefined && !stoodInItsEra(truth, point);
}
