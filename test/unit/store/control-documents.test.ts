// Goal: both implementations keep the port's word, and the limit on their number. Method: the suite on each; the rest
// on the table they share.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { controlLimits } from '../../../src/store/control-documents.ts';
import { ControlTable } from '../../../src/store/control-table.ts';
import { openFileControlDocuments } from '../../../src/store/file/file-control-documents.ts';
import { MemoryControlDocuments } from '../../../src/store/memory/memory-control-documents.ts';
import { controlDocumentsSuite, somePut } from '../../suite/control-documents-suite.ts';

controlDocumentsSuite('memory', async () => new MemoryControlDocuments());

controlDocumentsSuite('file', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'reprise-state-'));
  const documents = await openFileControlDocuments(directory);
  context.after(async () => {
    await documents.close();
    rmSync(directory, { recursive: true });
  });
  return documents;
});

test('memory says that it is not durable', () => {
  assert.equal(new MemoryControlDocuments().durable, false);
});

test('as many documents as allowed are taken, one more is refused; replacing and removing make no difference', () => {
  const table = new ControlTable();
  for (let index = 0; index < controlLimits.documentsMax; index++) {
    const decided = table.decidePut(somePut({ name: `n${index}` }));
    assert.ok(decided.kind === 'put');
    table.apply(decided.document);
  }
  assert.throws(() => table.decidePut(somePut({ name: 'more' })), { reason: 'QUOTA_EXCEEDED' });
  assert.equal(table.decidePut(somePut({ name: 'n0', expectedVersion: 1 })).kind, 'put');
  table.applyRemoval({ kind: 'namespace', name: 'n0', expectedVersion: 1 });
  assert.equal(table.decidePut(somePut({ name: 'more' })).kind, 'put');
});
