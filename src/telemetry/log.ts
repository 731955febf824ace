import { pino } from 'pino';
import { type Clock, systemClock } from '../base/clock.ts';
import { loggedError } from './log-error.ts';
import {
  type FieldKind,
  type LogEventName,
  type LogEventSpec,
  type LogFields,
  type LogLevel,
  logEvents,
} from './log-events.ts';

const TEXT_LENGTH_MAX = 256;
const STDERR = 2;

/** Where events are told. Other modules take this and know no logger. */
export interface Log {
  /** Writes one event with its fields; fields that the table does not name are dropped. */
  write<Event extends LogEventName>(event: Event, fields: LogFields<Event>): void;
  /** From which severity on events are written. */
  readonly level: LogLevel;
  /** Changes the level while the server runs. */
  setLevel(level: LogLevel): void;
}

/** How a log is made. */
export interface LogOptions {
  readonly level: LogLevel;
  /** Number of the worker that logs, the first field of each line. Default: none. */
  readonly worker?: number;
  /** Default: the machine's clocks. */
  readonly clock?: Clock;
  /** Takes each line, with its end. Default: standard error. */
  readonly sink?: { write(line: string): void };
}

/**
 * Creates a log of JSON lines: level, time, event, its fields, msg. They go to standard error, so that standard output
 * belongs to what a command is asked for. Written at once: there are few, and the last before an exit matters most.
 */
export function createLog({ level, worker, clock = systemClock, sink }: LogOptions): Log {
  const logger = pino(
    {
      level,
      // The library's way to say: no process id, no host name.
      base: worker === undefined ? null : { worker },
      timestamp: () => `,"time":"${new Date(clock.nowMs()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink ?? pino.destination({ fd: STDERR, sync: true }),
  );
  return {
    write(event, fields) {
      const spec: LogEventSpec = logEvents[event];
      if (logger.isLevelEnabled(spec.level))
        logger[spec.level]({ event, ...declaredFields(spec, fields) }, spec.message);
    },
    get level() {
      return logger.level as LogLevel;
    },
    setLevel(next) {
      logger.level = next;
    },
  };
}

/** Hears everything and tells nothing. */
export const silentLog: Log = { write: () => {}, level: 'error', setLevel: () => {} };

function declaredFields(spec: LogEventSpec, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(spec.fields).map(([name, kind]) => [name, safeValue(kind, given[name])]));
}

function safeValue(kind: FieldKind, value: unknown): unknown {
  switch (kind) {
    case 'text':
      return String(value).slice(0, TEXT_LENGTH_MAX);
    case 'number':
      return Number(value);
    case 'flag':
      return value === true;
    case 'error':
      return loggedError(value);
  }
}
