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
    help: 'First line of a run. `fleet` is true with --redis; `name` is what receipts call the node; `durable` is false when namespaces are lost at the next restart (neither --state nor --redis).',
    fields: { version: 'text', node: 'text', name: 'text', fleet: 'flag', durable: 'flag' },
  },
  callersAnonymous: {
    level: 'warn',
    message: 'every caller is anonymous and may do everything',
    help: 'There is no policy. Harmless while only this machine reaches the port; `insecure` is true if others may.',
    fields: { insecure: 'flag' },
  },
  testingMode: {
    level: 'warn',
    message: 'TESTING MODE: everybody who reaches the port may move the clock and break what they like',
    help: 'The server was started with --testing. Stop it at once if it is not for tests: start it without the flag and without REPRISE_TESTING.',
    fields: {},
  },
  serverListening: {
    level: 'info',
    message: 'serving gRPC',
    help: 'Calls are answered from now on. `startMs` counts from the start of the process.',
    fields: { host: 'text', port: 'number', tls: 'flag', startMs: 'number' },
  },
  workerServes: {
    level: 'info',
    message: 'a worker serves',
    help: 'With --workers: the process `pid` takes connections from now on. After `workerEnded` it takes the place of that one.',
    fields: { worker: 'number', pid: 'number' },
  },
  workerEnded: {
    level: 'error',
    message: 'a worker ended by itself and is started again',
    help: 'It crashed, was killed, or could not start; its own last lines say why. `code` is -1 if a signal ended it, `livedMs` how long it ran. The next one is started after `backoffMs`.',
    fields: { worker: 'number', code: 'number', livedMs: 'number', backoffMs: 'number' },
  },
  workersGaveUp: {
    level: 'error',
    message: 'a worker can not be started, so all end',
    help: 'The first start failed, or `failures` ends in a row, the last of them before the worker served. What it said on standard error is the reason.',
    fields: { worker: 'number', failures: 'number' },
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
  storeUnavailable: {
    level: 'warn',
    message: 'Redis does not answer, or is not proven to be in force',
    help: 'Once an outage. With `writes` false the breaker is open: calls that need Redis get STORE_UNAVAILABLE at once. With only `reads` false, no Sentinel or node of the cluster has said lately which server is in force. docs/fleet.md has what callers see.',
    fields: { reads: 'flag', writes: 'flag' },
  },
  storeAvailable: {
    level: 'info',
    message: 'Redis can be used again',
    help: '`downMs` is how long it could not, as the node saw it.',
    fields: { downMs: 'number' },
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
    help: 'At most every 10 s; `suppressed` failures came before and were not logged. `work` is `tail` for following the log of changes, `namespaces` for following what other nodes define, `spool` for making deferred invalidations. Look at Redis if it lasts.',
    fields: { work: 'text', suppressed: 'number', error: 'error' },
  },
  invalidationsWait: {
    level: 'warn',
    message: 'deferred invalidations wait in the spool until Redis is back',
    help: 'Once an outage, at the first that is deferred. `found` is true if they are from before the start. Until `invalidationsReplayed`, other nodes may serve what they cover.',
    fields: { waiting: 'number', found: 'flag' },
  },
  invalidationsReplayed: {
    level: 'info',
    message: 'all deferred invalidations were made',
    help: '`made` in Redis, in order; `dropped` ones were of namespaces that are gone. `oldestMs` is how long the first had waited.',
    fields: { made: 'number', dropped: 'number', oldestMs: 'number' },
  },
  invalidationsDropped: {
    level: 'warn',
    message: 'deferred invalidations of a namespace that is gone are dropped',
    help: "The namespace was deleted meanwhile, or is no longer in this node's file: if others still have it, invalidate it again on one of them.",
    fields: { namespace: 'text' },
  },
  spoolDamaged: {
    level: 'error',
    message: 'lines of the spool could not be read',
    help: 'The disk changed what was written: the deferred invalidations of `lines` of `file` in the --spool directory are lost, the others are made. The file as it was is kept beside as `keptAs`. Invalidate what may be concerned, and look at the disk.',
    fields: { file: 'text', count: 'number', lines: 'text', keptAs: 'text' },
  },
  auditFoundStale: {
    level: 'error',
    message: 'memory held an entry older than may be served',
    help: 'A promise was not kept: report it. The entry was dropped. `after` is how long after a change it was seen, `walk` when all is looked at in turn. At most one line a second; `suppressed` came before it.',
    fields: { after: 'text', suppressed: 'number' },
  },
  auditFoundForeign: {
    level: 'warn',
    message: 'an entry in memory was not in Redis as it had been written, and no change says so',
    help: 'The entry was dropped. Redis evicts, or somebody writes there by hand: docs/fleet.md. At most one line a minute; `suppressed` came before it.',
    fields: { suppressed: 'number' },
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
    message: 'a control document or a deferred invalidation could not be written',
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
