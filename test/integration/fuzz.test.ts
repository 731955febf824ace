// Goal: no request that can be encoded crashes the server, makes it leak or ends in INTERNAL: every error is typed.
// Method: seeded requests, made field by field from the descriptors, to every method of a server in its own process.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { createFileRegistry, type DescMethod, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { status } from '@grpc/grpc-js';
import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { CacheServiceService } from '../../src/gen/reprise/v1/cache_service.ts';
import { ErrorReason } from '../../src/gen/reprise/v1/error_reason.ts';
import { InvalidationServiceService } from '../../src/gen/reprise/v1/invalidation_service.ts';
import { createNamespace } from '../support/admin-calls.ts';
import { cacheCalls } from '../support/cache-calls.ts';
import { callRaw, errorFacts, openRaw, type UnaryMethod } from '../support/call.ts';
import { fuzzMessage } from '../support/fuzz-message.ts';
import { SeededRandom, seedOfRun } from '../support/seeded-random.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';

const REQUESTS = 10_000;
const WARM_UP_REQUESTS = 4000;
const CONCURRENCY = 16;
/** By how much the server may grow after it is warm. What it holds is bounded by the few keys; a leak shows as more. */
const GROWTH_MIB_MAX = 128;
const seed = seedOfRun();

const descriptors = fromBinary(
  FileDescriptorSetSchema,
  readFileSync(new URL('../../src/gen/descriptors.binpb', import.meta.url)),
);
const services = [CacheServiceService, InvalidationServiceService, AdminServiceService];
const generated = new Map<string, UnaryMethod<never, unknown>>(
  services.flatMap((service) => Object.values(service).map((method) => [method.path, method])),
);

/** All methods of the contract, as the descriptors name them; TestService is none of it. */
const methods = [...createFileRegistry(descriptors)].flatMap((type): DescMethod[] =>
  type.kind === 'service' && type.typeName.startsWith('reprise.v1.') ? type.methods : [],
);

const fixedTexts: Record<string, readonly string[]> = {
  namespace: ['', '', 'default', 'n', 'n', 'm', 'none', '__proto__', 'N'],
  name: ['', 'default', 'n', 'm', 'o', 'a'.repeat(63), 'a'.repeat(64), 'constructor', 'ä'],
  key: [
    'k',
    'k',
    'a:1',
    'a:b/2',
    'c',
    '',
    '\u{1f511}',
    '__proto__',
    'toString',
    'a\u0000b',
    'k'.repeat(1024),
    'é'.repeat(513),
  ],
  prefix: ['a:', 'a:b/', 'a', '', ':', '::::::::::', 'a:'.repeat(8)],
  tags: ['t', 'u', '', 't'.repeat(128), 't'.repeat(129), 'hasOwnProperty'],
  content_type: ['', 'text/plain', 'x'.repeat(255), 'x'.repeat(256), 'a\nb'],
  request_id: ['', '', 'r1', 'r2', 'r'.repeat(64), 'r'.repeat(65)],
};

const singular: Record<string, string> = { keys: 'key', prefixes: 'prefix' };

/** Texts that the server gave out: tokens, fences, revisions, lease and page ids. Sent back where such are asked for. */
class Harvest {
  readonly #texts: string[] = ['forged', 'x'.repeat(9000)];

  take(message: unknown): void {
    if (typeof message === 'string') {
      if (message.length > 8) this.#texts.push(message);
      if (this.#texts.length > 40) this.#texts.splice(2, 1);
    } else if (typeof message === 'object' && message !== null && !Buffer.isBuffer(message)) {
      for (const part of Object.values(message)) this.take(part);
    }
  }

  texts(fieldName: string): readonly string[] {
    return fixedTexts[singular[fieldName] ?? fieldName] ?? this.#texts;
  }
}

/** Sends one request; of a stream the first message is the answer. Returns the gRPC code and the reason, `OK` if it was answered. */
async function send(
  server: ServerProcess,
  method: DescMethod,
  random: SeededRandom,
  harvest: Harvest,
): Promise<string> {
  const path = `/${method.parent.typeName}/${method.name}`;
  const bytes = Buffer.from(fuzzMessage(method.input, random, (name) => harvest.texts(name)));
  const { responseDeserialize } = generated.get(path)!;
  try {
    const answer = method.methodKind === 'server_streaming' ? openRaw : callRaw;
    harvest.take(await answer(server.client, path, bytes, responseDeserialize, { deadline: Date.now() + 60_000 }));
    return 'OK';
  } catch (error) {
    const { code, reason } = errorFacts(error);
    return `${status[code]} ${reason}`;
  }
}

function residentMib(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024;
}

test(`${REQUESTS} structured requests to every method, SEED=${seed}`, async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const random = new SeededRandom(seed);
  const harvest = new Harvest();
  const outcomes = new Map<string, Set<string>>(methods.map(({ name }) => [name, new Set()]));
  await using server = await startServerProcess();
  await createNamespace(server, 'n', { capacityBytes: 1_048_576n });
  let warmMib = 0;
  for (let sent = 0; sent < REQUESTS; sent += CONCURRENCY) {
    // All of one method at a time: what a deletion does to calls that wait is another test's matter.
    const method = methods[(sent / CONCURRENCY) % methods.length]!;
    const answers = Array.from({ length: CONCURRENCY }, () => send(server, method, random, harvest));
    for (const answer of await Promise.all(answers)) outcomes.get(method.name)!.add(answer);
    if (sent === WARM_UP_REQUESTS) warmMib = residentMib(server.pid);
  }
  const endMib = residentMib(server.pid);
  await cacheCalls(server).stored('after', 'v');
  await cacheCalls(server).hit('after');

  const reasons = new Set(Object.keys(ErrorReason));
  for (const [method, seen] of outcomes) {
    const bad = [...seen].filter((answer) => answer !== 'OK' && !reasons.has(answer.split(' ')[1]!));
    assert.deepEqual(bad, [], `${method} is answered with typed errors only`);
    assert.ok(![...seen].some((answer) => answer.includes('INTERNAL')), `${method} never meets a bug`);
    // The request of Doctor has no field that could be wrong.
    const outcomesMin = method === 'Doctor' ? 1 : 2;
    assert.ok(seen.has('OK') && seen.size >= outcomesMin, `${method} is reached: ${[...seen].join(', ')}`);
  }
  t.diagnostic(`resident: ${Math.round(warmMib)} MiB warm, ${Math.round(endMib)} MiB at the end`);
  assert.ok(endMib - warmMib < GROWTH_MIB_MAX, `grew from ${warmMib} to ${endMib} MiB`);
  assert.equal(methods.length, generated.size, 'every method of every service was called');
});
