// Goal: every implementation of ControlDocuments keeps the port's word. Method: the same calls on each; nothing of how
// it keeps them is known here.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ControlDocuments, controlLimits, type Put } from '../../src/store/control-documents.ts';

/** Opens empty control documents, and tidies up after the test. */
export type OpenControlDocuments = (context: TestContext) => Promise<ControlDocuments>;

/** Builds a put of a namespace; by default of a new one named `orders`. */
export function somePut(overrides: Partial<Put> = {}): Put {
  return { kind: 'namespace', name: 'orders', expectedVersion: 0, body: { capacityBytes: 65_536 }, ...overrides };
}

/** Registers the suite for one implementation. */
export function controlDocumentsSuite(name: string, open: OpenControlDocuments): void {
  const check = (what: string, body: (documents: ControlDocuments) => Promise<void>) =>
    test(`${name}: ${what}`, async (context) => body(await open(context)));

  check('what was put is found', async (documents) => {
    const result = await documents.put(somePut());
    const document = { kind: 'namespace', name: 'orders', version: 1, body: { capacityBytes: 65_536 } };
    assert.deepEqual(result, { kind: 'put', document });
    assert.deepEqual(await documents.get('namespace', 'orders'), document);
  });

  check('what was never put is absent, whatever its name', async (documents) => {
    for (const name of ['orders', '', '../secrets', 'a\0b', '__proto__']) {
      assert.equal(await documents.get('namespace', name), undefined);
      assert.deepEqual(await documents.list(name), []);
    }
  });

  check('each change makes the version one greater', async (documents) => {
    for (const expectedVersion of [0, 1, 2]) await documents.put(somePut({ expectedVersion }));
    assert.equal((await documents.get('namespace', 'orders'))?.version, 3);
  });

  check('a put that expects none finds one: nothing is changed', async (documents) => {
    await documents.put(somePut());
    const result = await documents.put(somePut({ body: { capacityBytes: 1 } }));
    const current = { kind: 'namespace', name: 'orders', version: 1, body: { capacityBytes: 65_536 } };
    assert.deepEqual(result, { kind: 'version-mismatch', current });
    assert.deepEqual(await documents.get('namespace', 'orders'), current);
  });

  check('a put that expects a version finds none', async (documents) => {
    const result = await documents.put(somePut({ expectedVersion: 1 }));
    assert.deepEqual(result, { kind: 'version-mismatch', current: undefined });
    assert.deepEqual(await documents.list('namespace'), []);
  });

  check('of two puts at the same time one wins', async (documents) => {
    const results = await Promise.all([documents.put(somePut()), documents.put(somePut())]);
    assert.deepEqual(
      results.map((result) => result.kind),
      ['put', 'version-mismatch'],
    );
  });

  check('what is removed is gone, and its name begins anew', async (documents) => {
    await documents.put(somePut());
    await documents.put(somePut({ expectedVersion: 1 }));
    const removal = { kind: 'namespace', name: 'orders', expectedVersion: 2 };
    assert.deepEqual(await documents.remove(removal), { kind: 'removed' });
    assert.equal(await documents.get('namespace', 'orders'), undefined);
    const again = await documents.put(somePut());
    assert.equal(again.kind === 'put' && again.document.version, 1);
  });

  check('a removal that expects another version changes nothing', async (documents) => {
    await documents.put(somePut());
    const result = await documents.remove({ kind: 'namespace', name: 'orders', expectedVersion: 2 });
    assert.equal(result.kind === 'version-mismatch' && result.current?.version, 1);
    assert.equal((await documents.list('namespace')).length, 1);
  });

  check('a removal of what is not there is a mismatch', async (documents) => {
    for (const expectedVersion of [0, 1]) {
      const result = await documents.remove({ kind: 'namespace', name: 'orders', expectedVersion });
      assert.deepEqual(result, { kind: 'version-mismatch', current: undefined });
    }
  });

  check('a list has the documents of one kind by name', async (documents) => {
    for (const name of ['b', 'a.b', 'a', '9', 'a-b']) await documents.put(somePut({ name }));
    await documents.put(somePut({ kind: 'role', name: 'reader' }));
    const names = (await documents.list('namespace')).map((document) => document.name);
    assert.deepEqual(names, ['9', 'a', 'a-b', 'a.b', 'b']);
  });

  check('one name may stand for documents of two kinds', async (documents) => {
    await documents.put(somePut({ kind: 'a', name: 'b.c', body: { first: true } }));
    await documents.put(somePut({ kind: 'a.b', name: 'c', body: { first: false } }));
    assert.deepEqual((await documents.get('a', 'b.c'))?.body, { first: true });
  });

  check('a change of the body after the put is not kept', async (documents) => {
    const tags = ['before'];
    await documents.put(somePut({ body: { tags } }));
    tags.push('after');
    assert.deepEqual((await documents.get('namespace', 'orders'))?.body, { tags: ['before'] });
  });

  check('names up to 63 bytes are kept, others are a bug', async (documents) => {
    assert.equal((await documents.put(somePut({ name: 'n'.repeat(63) }))).kind, 'put');
    for (const name of ['n'.repeat(64), '', '.', '..', 'A', 'a/b', '-a', 'a@b']) {
      await assert.rejects(documents.put(somePut({ name })), /\[a-z0-9\]/);
      await assert.rejects(documents.put(somePut({ kind: name })), /\[a-z0-9\]/);
    }
  });

  check('a body at the limit is kept, one past it is a bug', async (documents) => {
    const overheadBytes = JSON.stringify({ text: '' }).length;
    const text = 'x'.repeat(controlLimits.bodyBytesMax - overheadBytes);
    assert.equal((await documents.put(somePut({ body: { text } }))).kind, 'put');
    await assert.rejects(documents.put(somePut({ name: 'more', body: { text: `${text}x` } })), /too large/);
  });

  check('a secret is 32 random bytes and stays the same', async (documents) => {
    const [secret, again] = await Promise.all([documents.secret('tokens'), documents.secret('tokens')]);
    assert.equal(secret.length, 32);
    assert.deepEqual(again, secret);
    assert.notDeepEqual(await documents.secret('other'), secret);
  });

  check('a secret that a caller overwrites is not changed', async (documents) => {
    const secret = await documents.secret('tokens');
    const kept = Buffer.from(secret);
    secret.fill(0);
    assert.deepEqual(await documents.secret('tokens'), kept);
  });

  check('the deployment has an id of 32 hexadecimal digits', async (documents) => {
    assert.match(documents.deploymentId, /^[0-9a-f]{32}$/);
  });

  check('who listened for changes and stopped hears of none, and may stop twice', async (documents) => {
    let heard = 0;
    const stop = documents.onChange(() => heard++);
    stop();
    stop();
    await documents.put(somePut());
    assert.equal(heard, 0);
  });

  check('use after close is a bug, closing twice is none', async (documents) => {
    await documents.close();
    await documents.close();
    await assert.rejects(documents.get('namespace', 'orders'), /after close/);
    await assert.rejects(documents.put(somePut()), /after close/);
  });
}
