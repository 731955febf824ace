/** Log levels, most talkative first. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';

/**
 * What a field of an event may be: `text` is a name or a word of ours, cut at 256 characters; `error` is reduced to what
 * can't hold anything a caller sent.
 */
export type FieldKind = 'text' | 'number' | 'flag' | 'error';

/** One kind of log line. */
export interface LogEventSpec {
  readonly level: Exclude<LogLevel, 'trace'>;
  /** The line's fixed text. */
  readonly message: string;
  /** What it means and what to do about it. */
  readonly help: string;
  /** The only fields that are written. Never keys, values, tags, credentials. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/**
 * All that is ever logged. A line's `event` is the name here, its fields are those here and no others: what is not in
 * this table can't get into the log. Documented from here.
 */
export const logEvents = {
  serverStarting: {
    level: 'info',
    message: 'server is starting',
    help: 'First line of a run. `fleet` is true with --redis; `durable` is false when namespaces are lost at the next restart (neither --state nor --redis).',
    fields: { version: 'text', node: 'text', fleet: 'flag', durable: 'flag' },
  },
  callersAnonymous: {
    level: 'warn',
    message: 'every caller is anonymous and may do everything',
    help: 'There is no policy. Harmless while only this machine reaches the port; `insecure` is true if others may.',
    fields: { insecure: 'flag' },
  },
  serverListening: {
    level: 'info',
    message: 'serving gRPC',
    help: 'Calls are answered from now on. `startMs` counts from the start of the process.',
    fields: { host: 'text', port: 'number', tls: 'flag', startMs: 'number' },
  },
  opsListening: {
    level: 'info',
    message: 'serving metrics and probes',
    help: '/metrics, /healthz and /readyz are answered from now on.',
    fields: { host: 'text', port: 'number' },
  },
  opsRequestFailed: {
    level: 'error',
    message: 'an ops request failed',
    help: 'A bug: the scrape was answered with 500. Report it with the error.',
    fields: { error: 'error' },
  },
  storeRefused: {
    level: 'error',
    message: 'Redis can not be used as it is',
    help: 'The start ends with exit code 1. `what` is wrong, `whatToDo` mends it; docs/fleet.md explains each `code`.',
    fields: { code: 'text', what: 'text', whatToDo: 'text' },
  },
  storeWarned: {
    level: 'warn',
    message: 'Redis is not set up as it should be',
    help: 'The node starts all the same. `whatToDo` mends it; docs/fleet.md explains each `code`.',
    fields: { code: 'text', what: 'text', whatToDo: 'text' },
  },
  fleetJoined: {
    level: 'info',
    message: 'connected to Redis as a node of a fleet',
    help: 'Once a start, before calls are answered. `redis` is the URL without its login, `servers` the versions found there.',
    fields: { redis: 'text', servers: 'text', partitions: 'number', maxLagMs: 'number' },
  },
  storeConnectionLost: {
    level: 'warn',
    message: 'a connection to Redis was lost',
    help: 'It is being made again. Until then calls that need Redis get STORE_UNAVAILABLE; reads are answered from memory for the time of --max-lag. Harmless in a failover or a restart of Redis.',
    fields: { connection: 'text', code: 'text', what: 'text', whatToDo: 'text' },
  },
  storeConnectionRestored: {
    level: 'info',
    message: 'a connection to Redis is there again',
    help: '`downMs` is how long it was not.',
    fields: { connection: 'text', downMs: 'number' },
  },
  storePrimaryChanged: {
    level: 'info',
    message: 'Redis has another primary',
    help: 'Sentinel or the cluster names one: a failover, a planned switch, or slots that were moved.',
    fields: {},
  },
  backgroundWorkFailed: {
    level: 'warn',
    message: 'work in the background failed and is tried again',
    help: 'At most every 10 s; `suppressed` failures came before and were not logged. `work` is `tail` for following the log of changes, `namespaces` for following what other nodes define. Look at Redis if it lasts.',
    fields: { work: 'text', suppressed: 'number', error: 'error' },
  },
  namespaceFollowed: {
    level: 'info',
    message: 'what another node did to a namespace is in force here',
    help: '`change` is created, updated or deleted.',
    fields: { namespace: 'text', change: 'text', version: 'number' },
  },
  startFailed: {
    level: 'error',
    message: 'the server could not start',
    help: 'The error says why; the process exits.',
    fields: { error: 'error' },
  },
  stateWriteFailed: {
    level: 'error',
    message: 'a control document could not be written',
    help: 'The disk is full, read-only or broken, or in a fleet Redis is away. The caller got STATE_UNAVAILABLE and nothing was changed.',
    fields: { error: 'error' },
  },
  namespaceCreated: {
    level: 'info',
    message: 'a namespace was created',
    help: 'By a caller of AdminService.',
    fields: { namespace: 'text', version: 'number' },
  },
  namespaceUpdated: {
    level: 'info',
    message: "a namespace's settings were changed",
    help: 'By a caller of AdminService.',
    fields: { namespace: 'text', version: 'number' },
  },
  namespaceDeleted: {
    level: 'info',
    message: 'a namespace and all its entries were deleted',
    help: 'By a caller of AdminService.',
    fields: { namespace: 'text' },
  },
  callFailed: {
    level: 'error',
    message: 'a call failed on a bug',
    help: 'The caller got INTERNAL with this request id. Report it with the error.',
    fields: { rpc: 'text', requestId: 'text', error: 'error' },
  },
  callRefused: {
    level: 'debug',
    message: 'a call was answered with an error',
    help: 'Many of one reason point to a misconfigured client.',
    fields: { rpc: 'text', reason: 'text' },
  },
  drainStarted: {
    level: 'info',
    message: 'the server is going away',
    help: 'Health says NOT_SERVING, new calls go elsewhere, calls in flight may finish within `drainMs`.',
    fields: { signal: 'text', drainMs: 'number' },
  },
  drainFinished: {
    level: 'info',
    message: 'the server has drained',
    help: '`clean` is false if calls were cut off when the time was over: give --drain more.',
    fields: { clean: 'flag', elapsedMs: 'number' },
  },
  exitForced: {
    level: 'warn',
    message: 'a second signal ends the server at once',
    help: 'Calls in flight are lost.',
    fields: { signal: 'text' },
  },
  bugCaught: {
    level: 'error',
    message: 'an error reached the top of the process',
    help: 'A bug: nothing handled the error. Report it.',
    fields: { error: 'error' },
  },
} as const satisfies Readonly<Record<string, LogEventSpec>>;

/** The name of an event. */
export type LogEventName = keyof typeof logEvents;

interface FieldTypes {
  text: string;
  number: number;
  flag: boolean;
  error: unknown;
}

type FieldsOf<Spec extends { readonly fields: Readonly<Record<string, FieldKind>> }> = {
  readonly [Name in keyof Spec['fields']]: FieldTypes[Spec['fields'][Name]];
};

/** The fields that an event must be given. */
export type LogFields<Event extends LogEventName> = FieldsOf<(typeof logEvents)[Event]>;
