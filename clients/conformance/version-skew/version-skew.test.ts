// Goal: a client goes on with a server of another version: calls that it lacks, and outcomes, reasons and messages that
// the client does not know. Method: the client itself, by its driver of the conformance suite, against a server that
// answers what it is told, with numbers that no version has. CLIENTS=python,go tries those alone.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { GetResponse, SetResponse } from '../../../src/gen/reprise/v1/cache_service.ts';
import { Hit, Miss } from '../../../src/gen/reprise/v1/entry.ts';
import { Event, EventCause, type Ready, SubscribeResponse } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import { until } from '../../../test/support/until.ts';
import { type Answer, Driver } from '../runner/driver.ts';
import { type Answering, type ScriptedServer, startScriptedServer, withNewField } from './scripted-server.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CACHE = '/reprise.v1.CacheService';
const INVALIDATION = '/reprise.v1.InvalidationService';
const NEW_VALUE = 97;
const NOTHING = Buffer.alloc(0);
const FRESH = { seconds: 60n, nanos: 0 };
const ENTRY: Hit = {
  ...Hit.decode(NOTHING),
  content: { $case: 'value', value: Buffer.from('1') },
  contentType: 'application/json',
  revision: 'r-1',
  freshFor: FRESH,
  keepFor: FRESH,
};

/** A client and the server it speaks to. */
interface Pair extends AsyncDisposable {
  readonly server: ScriptedServer;
  /** Sends a command to the client's driver; fails where it answers with an error. */
  ask(what: string, fields?: object): Promise<Record<string, unknown>>;
  /** As `ask`, for the error. */
  refused(what: string, fields?: object): Promise<NonNullable<Answer['error']>>;
}

for (const language of (process.env['CLIENTS'] ?? 'typescript,python,go,java').split(',')) {
  const pair = (methods: Record<string, Answering>, options: object = {}): Promise<Pair> =>
    pairOf(language, methods, options);

  // Java has no near cache yet.
  const nearTest = language === 'java' ? () => undefined : test;
  nearTest(`${language}: without GetHead the near cache serves nothing, says so, and reads go through`, async () => {
    const without = { kind: 'error', code: status.UNIMPLEMENTED, reason: '' } as const;
    const methods = { ...reads(hit(ENTRY)), ...stream([ready('t1')]), [`${INVALIDATION}/GetHead`]: without };
    await using both = await pair(methods, { nearCache: {}, batching: false });
    await until(() => both.server.called(`${INVALIDATION}/GetHead`) > 1, { what: 'questions for the head' });
    for (const value of [1, 1, 1]) {
      assert.deepEqual((await both.ask('get', { key: 'k' }))['value'], { json: value });
    }
    assert.equal(both.server.called(`${CACHE}/Get`), 3);
    const { serving, proofs, hits } = await both.ask('near_stats');
    assert.deepEqual({ serving, proofs, hits }, { serving: false, proofs: 0, hits: 0 });
  });

  test(`${language}: fields that were added are passed over`, async () => {
    await using both = await pair(reads(withNewField(hit(ENTRY))));
    assert.deepEqual((await both.ask('get', { key: 'k' }))['value'], { json: 1 });
  });

  test(`${language}: an unknown reason of a miss is a miss`, async () => {
    const miss = Miss.encode({ ...Miss.decode(NOTHING), reason: NEW_VALUE as 0, fence: 'f' }).finish();
    const answer = GetResponse.encode({ result: { $case: 'miss', value: Miss.decode(miss) } }).finish();
    await using both = await pair(reads(answer));
    assert.equal((await both.ask('get', { key: 'k' }))['kind'], 'miss');
  });

  test(`${language}: an unknown outcome of a read is a miss, one of a write is not told as a success`, async () => {
    const unknown = withNewField(NOTHING);
    await using both = await pair({ ...reads(unknown), [`${CACHE}/Set`]: { kind: 'unary', answer: () => unknown } });
    assert.equal((await both.ask('get', { key: 'k' }))['kind'], 'miss');
    const written = await both.ask('set', { key: 'k', value: { json: 1 } }).catch(() => ({ stored: false }));
    assert.equal(written['stored'], false);
  });

  test(`${language}: an unknown reason of a condition that failed is a result`, async () => {
    const notStored = { $case: 'notStored', value: { reason: NEW_VALUE as 0, revision: '' } } as const;
    const answer = SetResponse.encode({ result: notStored }).finish();
    await using both = await pair({ [`${CACHE}/Set`]: { kind: 'unary', answer: () => answer } });
    assert.equal((await both.ask('set', { key: 'k', value: { json: 1 } }))['stored'], false);
  });

  test(`${language}: an error with an unknown reason is told by its code, with the reason's name`, async () => {
    const refusal = { kind: 'error', code: status.INVALID_ARGUMENT, reason: 'NOT_YET_KNOWN' } as const;
    const full = { kind: 'error', code: status.RESOURCE_EXHAUSTED, reason: 'NOT_YET_KNOWN' } as const;
    await using both = await pair({ [`${CACHE}/Get`]: refusal, [`${CACHE}/Set`]: full }, { batching: false });
    const { kind, code, reason } = await both.refused('get', { key: 'k' });
    assert.deepEqual(
      { kind, code, reason },
      { kind: 'InvalidArgument', code: 'INVALID_ARGUMENT', reason: 'NOT_YET_KNOWN' },
    );
    const other = await both.refused('set', { key: 'k', value: { json: 1 } });
    assert.deepEqual([other.kind, other.code, other.reason], ['RepriseError', 'RESOURCE_EXHAUSTED', 'NOT_YET_KNOWN']);
    assert.equal(both.server.called(`${CACHE}/Set`), 1, 'nothing says that it may be tried again');
  });

  test(`${language}: a call that the server lacks fails at once`, async () => {
    await using both = await pair(reads(hit(ENTRY)));
    assert.equal((await both.refused('touch', { key: 'k' })).code, 'UNIMPLEMENTED');
  });

  test(`${language}: unknown messages on a stream are passed over, unknown changes are told`, async () => {
    const key = eventOf({ target: { $case: 'key', value: 'k' }, cause: NEW_VALUE as 0, revision: 'r-2' });
    const target = withNewField(eventOf({ target: undefined, cause: EventCause.SET, revision: 'r-3' }));
    const script = [ready('t1'), withNewField(NOTHING), eventsMessage([key], 't2'), eventsMessage([target], 't3')];
    await using both = await pair(stream(script));
    await both.ask('subscribe', { subscription: 's' });
    const { messages } = await both.ask('take', { subscription: 's', count: 2, timeoutMs: 30_000 });
    const [first, second] = messages as readonly Record<string, unknown>[];
    assert.deepEqual([first!['key'], first!['revision']], ['k', 'r-2']);
    assert.equal(second!['wholeNamespace'], true, 'what it names may be anything');
    const { states } = await both.ask('state', { subscription: 's' });
    assert.deepEqual(states, ['CONNECTING', 'READY']);
  });

  test(`${language}: a hit with unknown content is a miss, never a negative`, async () => {
    const unknown = withNewField(Hit.encode({ ...ENTRY, content: undefined }).finish());
    await using both = await pair(reads(Buffer.concat([Buffer.from([0x0a, unknown.length]), unknown])));
    assert.equal((await both.ask('get', { key: 'k' }))['kind'], 'miss');
  });

  test(`${language}: an unknown outcome of an invalidation is not told as a success`, async () => {
    const unknown = { kind: 'unary', answer: () => withNewField(NOTHING) } as const;
    await using both = await pair({ [`${INVALIDATION}/Invalidate`]: unknown });
    const told = await both.ask('invalidate', { keys: ['k'] }).catch(() => ({ invalidated: false }));
    assert.notEqual(told['invalidated'], true);
  });

  test(`${language}: an unknown reason of a Reset is a Reset`, async () => {
    const reset = { $case: 'reset', value: { reason: NEW_VALUE as 0, token: 't2' } } as const;
    await using both = await pair(stream([ready('t1'), SubscribeResponse.encode({ event: reset }).finish()]));
    await both.ask('subscribe', { subscription: 's' });
    const { messages } = await both.ask('take', { subscription: 's', of: ['reset'], timeoutMs: 30_000 });
    assert.equal((messages as readonly unknown[]).length, 1);
  });
}

/** Each language has one driver, which knows its clients by name. */
const drivers = new Map<string, Promise<Driver>>();
let clients = 0;

after(async () => {
  for (const driver of drivers.values()) await (await driver).close();
});

async function pairOf(language: string, methods: Record<string, Answering>, options: object): Promise<Pair> {
  const server = await startScriptedServer(methods);
  const started = drivers.get(language) ?? startDriver(language);
  drivers.set(language, started);
  const driver = await started;
  const client = `c${++clients}`;
  const send = (what: string, fields: object): Promise<Answer> => driver.send({ do: what, client, ...fields }).answer;
  const ask = async (what: string, fields: object = {}): Promise<Record<string, unknown>> => {
    const { ok, error } = await send(what, fields);
    if (error !== undefined) throw new Error(`${what}: ${JSON.stringify(error)} ${driver.takeLog()}`);
    return ok as Record<string, unknown>;
  };
  await ask('open', { targets: [server.address], deadlineMs: 20_000, ...options });
  return {
    server,
    ask,
    refused: async (what, fields = {}) => {
      const { ok, error } = await send(what, fields);
      assert.ok(error !== undefined, `${what} answered ${JSON.stringify(ok)}`);
      return error;
    },
    [Symbol.asyncDispose]: async () => {
      await ask('close');
      await server[Symbol.asyncDispose]();
    },
  };
}

async function startDriver(language: string): Promise<Driver> {
  const driver = new Driver([`${ROOT}clients/${language}/conformance`]);
  await driver.hello();
  return driver;
}

function hit(entry: Hit): Uint8Array {
  return GetResponse.encode({ result: { $case: 'hit', value: entry } }).finish();
}

function reads(answer: Uint8Array): Record<string, Answering> {
  // A get alone is a Get, whether gets are batched or not.
  return { [`${CACHE}/Get`]: { kind: 'unary', answer: () => answer } };
}

function stream(script: readonly Uint8Array[]): Record<string, Answering> {
  return {
    [`${INVALIDATION}/Subscribe`]: {
      kind: 'stream',
      open: (call) => {
        for (const message of script) call.write(message);
      },
    },
  };
}

function ready(token: string): Uint8Array {
  const value: Ready = { token, progressInterval: FRESH };
  return SubscribeResponse.encode({ event: { $case: 'ready', value } }).finish();
}

function eventOf(fields: Partial<Event>): Buffer {
  return Buffer.from(Event.encode({ ...Event.decode(NOTHING), ...fields }).finish());
}

/** Events with bytes in place of each event, so that they may hold what no version knows. */
function eventsMessage(events: readonly Buffer[], token: string): Uint8Array {
  const parts = events.flatMap((bytes) => [Buffer.from([0x0a, bytes.length]), bytes]);
  const body = Buffer.concat([...parts, Buffer.from([0x12, token.length]), Buffer.from(token)]);
  return Buffer.concat([Buffer.from([0x12, body.length]), body]);
}
