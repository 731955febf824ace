import type { History, LoggedChange, ReceivedEvent, Session, Told } from '../history/history.ts';
import { matchOf } from './matching.ts';
import { targetWords } from './words.ts';

/** Returns the changes after `from` and up to `to` that the session must be told. */
export function mustHear({ changes }: History, session: Session, from: number, to: number): LoggedChange[] {
  return changes
    .slice(from, Math.max(from, to))
    .filter((change) => change.namespaceId === session.namespaceId && matchOf(change, session.filter) === 'yes');
}

/** Returns those changes that the events neither tell nor make needless. */
export function untold(changes: readonly LoggedChange[], events: readonly ReceivedEvent[]): LoggedChange[] {
  const revisions = new Set(events.map(({ revision }) => revision));
  const newest = newestOfTargets(events);
  return changes.filter((change) => !revisions.has(change.revision) && !isExcused(change, newest));
}

/** Order of the newest event of each key, tag, prefix and of the namespace: it takes the place of earlier ones. */
interface Newest {
  readonly any: ReadonlyMap<string, number>;
  /** Without those that only mark stale: whoever hears only that would keep a value that was removed or replaced. */
  readonly replacing: ReadonlyMap<string, number>;
}

function newestOfTargets(events: readonly ReceivedEvent[]): Newest {
  const any = new Map<string, number>();
  const replacing = new Map<string, number>();
  for (const event of events) {
    if (event.order === undefined) continue;
    const target = targetWords(event);
    raise(any, target, event.order);
    if (!onlyMarksStale(event)) raise(replacing, target, event.order);
  }
  return { any, replacing };
}

function isExcused(change: LoggedChange, { any, replacing }: Newest): boolean {
  const newest = (replaces(change) ? replacing : any).get(targetWords(change));
  return newest !== undefined && newest > change.order;
}

function replaces(told: Told): boolean {
  return told.cause !== 'TOUCH' && !onlyMarksStale(told);
}

function onlyMarksStale({ mode }: Told): boolean {
  return mode === 'MARK_STALE';
}

function raise(orders: Map<string, number>, target: string, order: number): void {
  orders.set(target, Math.max(order, orders.get(target) ?? 0));
}
