import assert from 'node:assert/strict';
import { join } from 'node:path';
import { OperatingError } from '../../base/operating-error.ts';
import { type Random, systemRandom } from '../../base/random.ts';
import { Turns } from '../../base/turns.ts';
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
import { documentFileName, formatDocument } from './document-file.ts';
import { type DurableFiles, durableFiles } from './durable-files.ts';
import { readState, type StateContent, type StatePaths, statePaths } from './state-directory.ts';
import { lockDirectory, type StateLock } from './state-lock.ts';
import { stateUnavailable } from './state-unavailable.ts';

/** What tests put in the machine's place. */
export interface FileControlOptions {
  readonly random?: Random;
  readonly files?: DurableFiles;
}

/**
 * Opens the control documents that a directory keeps; makes the directory if need be. It belongs to one server at a
 * time. Operating error: STATE_UNAVAILABLE if it can't be written, is in use, or holds a file that can't be used; the
 * message says which and what to do.
 */
export async function openFileControlDocuments(
  directory: string,
  { random = systemRandom, files = durableFiles }: FileControlOptions = {},
): Promise<ControlDocuments> {
  const paths = statePaths(directory);
  const lock = lockDirectory(directory, 'state');
  try {
    await files.makeDirectory(paths.documents);
    await files.makeDirectory(paths.secrets);
    const content = readState(paths);
    const deploymentId = content.deploymentId ?? random.bytes(16).toString('hex');
    if (content.deploymentId === undefined) await files.write(paths.deploymentId, `${deploymentId}\n`);
    return new FileControlDocuments({ paths, lock, files, random, content, deploymentId });
  } catch (error) {
    lock.release();
    if (error instanceof OperatingError) throw error;
    throw stateUnavailable(`the state directory ${directory} can't be used`, error);
  }
}

interface Parts {
  readonly paths: StatePaths;
  readonly lock: StateLock;
  readonly files: DurableFiles;
  readonly random: Random;
  readonly content: StateContent;
  readonly deploymentId: string;
}

/**
 * Memory is what the last acknowledged change left; the directory is never behind it. It may be one unacknowledged
 * change ahead if the disk failed between rename and sync: then a restart shows that change, and a repeat makes it.
 */
class FileControlDocuments implements ControlDocuments {
  readonly durable = true;
  readonly deploymentId: string;
  readonly #paths: StatePaths;
  readonly #lock: StateLock;
  readonly #files: DurableFiles;
  readonly #random: Random;
  readonly #table = new ControlTable();
  readonly #secrets: Map<string, Buffer>;
  /** Of the changes, so that none is judged by what another replaces. */
  readonly #turns = new Turns();
  #closed = false;

  constructor({ paths, lock, files, random, content, deploymentId }: Parts) {
    this.deploymentId = deploymentId;
    this.#paths = paths;
    this.#lock = lock;
    this.#files = files;
    this.#random = random;
    this.#secrets = new Map(content.secrets);
    for (const document of content.documents) this.#table.apply(document);
  }

  async list(kind: string): Promise<readonly ControlDocument[]> {
    this.#assertOpen();
    return this.#table.list(kind);
  }

  async get(kind: string, name: string): Promise<ControlDocument | undefined> {
    this.#assertOpen();
    return this.#table.get(kind, name);
  }

  put(put: Put): Promise<PutResult> {
    return this.#inTurn(async () => {
      const decided = this.#table.decidePut(put);
      if (decided.kind !== 'put') return decided;
      await this.#kept(this.#files.write(this.#fileOf(put), formatDocument(decided.document)));
      this.#table.apply(decided.document);
      return decided;
    });
  }

  remove(removal: DocumentRemoval): Promise<DocumentRemovalResult> {
    return this.#inTurn(async () => {
      const decided = this.#table.decideRemoval(removal);
      if (decided.kind !== 'removed') return decided;
      await this.#kept(this.#files.remove(this.#fileOf(removal)));
      this.#table.applyRemoval(removal);
      return decided;
    });
  }

  secret(name: string): Promise<Buffer> {
    return this.#inTurn(async () => {
      const known = this.#secrets.get(checkedName(name));
      if (known !== undefined) return Buffer.from(known);
      const secret = this.#random.bytes(controlLimits.secretBytes);
      await this.#kept(this.#files.write(join(this.#paths.secrets, name), `${secret.toString('hex')}\n`));
      this.#secrets.set(name, secret);
      return Buffer.from(secret);
    });
  }

  // The directory belongs to one server.
  onChange(): () => void {
    return () => {};
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.ended();
    this.#lock.release();
  }

  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#turns.take(change);
  }

  async #kept(change: Promise<void>): Promise<void> {
    await change.catch((error: unknown) => {
      throw stateUnavailable('the change could not be written to the state directory', error);
    });
  }

  #fileOf(document: Pick<ControlDocument, 'kind' | 'name'>): string {
    return join(this.#paths.documents, documentFileName(document));
  }

  #assertOpen(): void {
    assert(!this.#closed, 'control documents were used after close');
  }
}
