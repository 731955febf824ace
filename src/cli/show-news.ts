import { type Event, EventCause, InvalidationMode, ResetReason } from '../gen/reprise/v1/invalidation_service.ts';
import { enumName } from './enum-name.ts';
import { formatSpan } from './format-figures.ts';
import type { Output } from './output.ts';
import type { News } from './subscription.ts';
import { failureText } from './tell-error.ts';

const CAUSE_WIDTH = 9;

/** News that is shown: progress is not. */
export type ShownNews = Exclude<News, { kind: 'events' | 'progress' }>;

/** Returns an event as an object for JSON. The token stands only with the last one of those it covers. */
export function eventJson(event: Event, token: string | undefined): Record<string, unknown> {
  const { target, cause, mode, revision, actor, traceparent } = event;
  return {
    type: 'event',
    cause: enumName(EventCause, cause),
    ...(target !== undefined && target.$case !== 'wholeNamespace' && { [target.$case]: target.value }),
    mode: mode === InvalidationMode.UNSPECIFIED ? undefined : enumName(InvalidationMode, mode),
    revision,
    actor,
    traceparent: traceparent || undefined,
    token,
  };
}

/** Returns an event in one line for people. */
export function eventLine({ target, cause, mode, revision, actor }: Event, nowMs: number, { paint }: Output): string {
  const what = target === undefined || target.$case === 'wholeNamespace' ? '(all entries)' : target.value;
  const how = mode === InvalidationMode.UNSPECIFIED ? '' : `  ${enumName(InvalidationMode, mode)}`;
  const word = paint('cyan', enumName(EventCause, cause).padEnd(CAUSE_WIDTH));
  return `${clockText(nowMs)}  ${word}  ${what}${how}  ${paint('dim', `revision ${revision} by ${actor}`)}\n`;
}

/** Returns a change of state as an object for JSON. */
export function stateJson(news: ShownNews): Record<string, unknown> {
  switch (news.kind) {
    case 'ready':
      return { type: 'ready', token: news.token };
    case 'reset':
      return { type: 'reset', reason: enumName(ResetReason, news.reason), token: news.token };
    case 'stale': {
      const { why, error, retryInMs } = news;
      return {
        type: 'stale',
        why,
        message: error && failureText(error),
        retryInMs: retryInMs === undefined ? undefined : Math.round(retryInMs),
      };
    }
  }
}

/** Returns a change of state in one line for people. */
export function stateLine(news: ShownNews, nowMs: number, output: Output): string {
  const [word, meaning] = stateWords(news, output);
  return `${clockText(nowMs)}  ${word}  ${meaning}\n`;
}

function stateWords(news: ShownNews, { paint }: Output): [string, string] {
  const padded = (text: string): string => text.padEnd(CAUSE_WIDTH);
  switch (news.kind) {
    case 'ready':
      return [paint('green', padded('READY')), 'every matching change from here on is told'];
    case 'reset': {
      const reason = enumName(ResetReason, news.reason);
      return [paint('red', padded('RESET')), `${reason}: changes may be missing`];
    }
    case 'stale':
      return [paint('yellow', padded('STALE')), `${staleText(news)}; changes may be late`];
  }
}

function staleText({ why, error, retryInMs }: Extract<News, { kind: 'stale' }>): string {
  const again = retryInMs === undefined ? '' : `, trying again in ${formatSpan(retryInMs)}`;
  switch (why) {
    case 'silent':
      return 'the server has been silent for too long';
    case 'goingAway':
      return `the server goes away${again}`;
    case 'broken':
      return `${error === undefined ? 'the stream has ended' : failureText(error)}${again}`;
  }
}

function clockText(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(11, 23);
}
