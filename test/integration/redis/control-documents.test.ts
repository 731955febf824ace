// Goal: control documents in Redis keep the port's word, also with several nodes and when Redis is away or lost them.
// Method: the suite of the port; then nodes beside each other over one server that is emptied and stopped.
import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { systemRandom } from '../../../src/base/random.ts';
import {
  openRedisControlDocuments,
  type RedisControlDocuments,
} from '../../../src/store/redis/redis-control-documents.ts';
import { controlDocumentsSuite, somePut } from '../../suite/control-documents-suite.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { freshPrefix } from '../../support/open-tiered-store.ts';
import type { RedisRig } from '../../support/redis/rig.ts';
import { openStandalone } from '../../support/redis/standalone.ts';
import { openTestLink } from '../../support/test-link.ts';
import { until } from '../../support/until.ts';

let rig: RedisRig;
before(async () => {
  rig = await openStandalone();
});
after(() => rig.stop());

interface Node {
  readonly documents: RedisControlDocuments;
  readonly clock: ManualClock;
}

async function openNode(context: TestContext, prefix: string, own = rig, partitions = 1): Promise<Node> {
  const link = await openTestLink(own);
  const clock = new ManualClock();
  context.after(() => link.close());
  const documents = await openRedisControlDocuments({ link, clock, random: systemRandom, prefix, partitions });
  context.after(() => documents.close());
  return { documents, clock };
}

controlDocumentsSuite('redis', async (context) => (await openNode(context, freshPrefix(rig))).documents);

/** Lets a node look at what Redis holds until it has what is asked for. */
async function looksUntil({ clock }: Node, condition: () => boolean | Promise<boolean>): Promise<void> {
  await until(() => {
    clock.advance(500);
    return condition();
  });
}

test('what one node changes, another knows within a second and tells', async (context) => {
  const prefix = freshPrefix(rig);
  const [a, b] = [await openNode(context, prefix), await openNode(context, prefix)];
  let told = 0;
  b.documents.onChange(() => told++);
  assert.equal(a.documents.deploymentId, b.documents.deploymentId);
  await a.documents.put(somePut());
  await looksUntil(b, async () => (await b.documents.get('namespace', 'orders')) !== undefined);
  assert.equal(told, 1);
  assert.deepEqual(await b.documents.secret('tokens'), await a.documents.secret('tokens'));
});

test('a change of another node just before an own one is noticed too', async (context) => {
  const prefix = freshPrefix(rig);
  const [a, b] = [await openNode(context, prefix), await openNode(context, prefix)];
  await a.documents.put(somePut({ name: 'of-a' }));
  await b.documents.put(somePut({ name: 'of-b' }));
  await looksUntil(b, async () => (await b.documents.list('namespace')).length === 2);
});

test('of two nodes that change one document one wins, and the other hears what there is', async (context) => {
  const prefix = freshPrefix(rig);
  const [a, b] = [await openNode(context, prefix), await openNode(context, prefix)];
  const results = await Promise.all([a.documents.put(somePut()), b.documents.put(somePut({ body: { n: 2 } }))]);
  assert.deepEqual(results.map(({ kind }) => kind).sort(), ['put', 'version-mismatch']);
  const lost = results.find(({ kind }) => kind === 'version-mismatch');
  assert.ok(lost?.kind === 'version-mismatch' && lost.current?.version === 1);
});

test('what Redis lost is put back by a node that knows it, with secrets and id', async (context) => {
  await using own = await openStandalone();
  const prefix = freshPrefix(own);
  const [a, b] = [await openNode(context, prefix, own), await openNode(context, prefix, own)];
  await a.documents.put(somePut());
  const secret = await a.documents.secret('tokens');
  await own.flush();
  await looksUntil(a, async () => (await own.servers[0]!.command('EXISTS', `${prefix}{0}:control`)) === 1);
  const c = await openNode(context, prefix, own);
  assert.equal(c.documents.deploymentId, a.documents.deploymentId);
  assert.deepEqual(await c.documents.list('namespace'), await a.documents.list('namespace'));
  assert.deepEqual(await c.documents.secret('tokens'), secret);
  await looksUntil(b, async () => (await b.documents.list('namespace')).length === 1);
});

test('a change that finds nothing puts back what was lost first', async (context) => {
  await using own = await openStandalone();
  const a = await openNode(context, freshPrefix(own), own);
  await a.documents.put(somePut());
  await own.flush();
  const changed = await a.documents.put(somePut({ expectedVersion: 1 }));
  assert.ok(changed.kind === 'put' && changed.document.version === 2);
});

test('while Redis is away reads are answered, and changes are refused', async (context) => {
  await using own = await openStandalone();
  const a = await openNode(context, freshPrefix(own), own);
  await a.documents.put(somePut());
  await own.servers[0]!.kill();
  assert.equal((await a.documents.list('namespace')).length, 1);
  await assert.rejects(a.documents.put(somePut({ expectedVersion: 1 })), { reason: 'STATE_UNAVAILABLE' });
  assert.equal((await a.documents.get('namespace', 'orders'))?.version, 1);
});

test('a node does not follow a deployment that began anew under it', async (context) => {
  await using own = await openStandalone();
  const prefix = freshPrefix(own);
  const a = await openNode(context, prefix, own);
  await a.documents.put(somePut());
  await own.flush();
  const b = await openNode(context, prefix, own);
  assert.notEqual(b.documents.deploymentId, a.documents.deploymentId);
  await assert.rejects(a.documents.put(somePut({ name: 'more' })), { reason: 'STATE_UNAVAILABLE' });
  assert.equal((await a.documents.list('namespace')).length, 1);
});

test('a deployment keeps the number of partitions that it began with', async (context) => {
  const prefix = freshPrefix(rig);
  await openNode(context, prefix);
  await assert.rejects(openNode(context, prefix, rig, 256), { reason: 'STATE_UNAVAILABLE' });
});
