import assert from 'node:assert/strict';
import { type Random, systemRandom } from '../../base/random.ts';
import {
  type ControlDocument,
  type ControlDocuments,
  controlLimits,
  type DocumentRemoval,
  type DocumentRemovalResult,
  type Put,
  type PutResult,
} from '../control-documents.ts';
import { ControlTable, checkedName } from '../control-table.ts';

/** Keeps control documents until the server stops. */
export class MemoryControlDocuments implements ControlDocuments {
  readonly durable = false;
  readonly deploymentId: string;
  readonly #random: Random;
  readonly #table = new ControlTable();
  readonly #secrets = new Map<string, Buffer>();
  #closed = false;

  constructor(random: Random = systemRandom) {
    this.#random = random;
    this.deploymentId = random.bytes(16).toString('hex');
  }

  async list(kind: string): Promise<readonly ControlDocument[]> {
    return this.#open().list(kind);
  }

  async get(kind: string, name: string): Promise<ControlDocument | undefined> {
    return this.#open().get(kind, name);
  }

  async put(put: Put): Promise<PutResult> {
    const decided = this.#open().decidePut(put);
    if (decided.kind === 'put') this.#table.apply(decided.document);
    return decided;
  }

  async remove(removal: DocumentRemoval): Promise<DocumentRemovalResult> {
    const decided = this.#open().decideRemoval(removal);
    if (decided.kind === 'removed') this.#table.applyRemoval(removal);
    return decided;
  }

  async secret(name: string): Promise<Buffer> {
    this.#open();
    const secret = this.#secrets.get(checkedName(name)) ?? this.#random.bytes(controlLimits.secretBytes);
    this.#secrets.set(name, secret);
    return Buffer.from(secret);
  }

  onChange(_listener: () => void): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  #open(): ControlTable {
    assert(!this.#closed, 'control documents were used after close');
    return this.#table;
  }
}
