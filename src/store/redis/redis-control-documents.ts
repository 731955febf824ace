import assert from 'node:assert/strict';
import type { Clock, Timer } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { Random } from '../../base/random.ts';
import { Turns } from '../../base/turns.ts';
import {
  type ControlDocument,
  type ControlDocuments,
  controlLimits,
  type DocumentRemoval,
  type DocumentRemovalResult,
  type Put,
  type PutResult,
  type VersionMismatch,
} from '../control-documents.ts';
import { ControlTable, checkedName } from '../control-table.ts';
import {
  type ControlCopy,
  documentField,
  fieldsOf,
  listKind,
  packDocument,
  readCopy,
  readDocument,
  secretField,
} from './control-copy.ts';
import { controlScripts } from './control-scripts.ts';
import type { Link, LuaScript, ScriptArgument } from './link.ts';
import { partitionKeys } from './partition-keys.ts';
import { partitionTags } from './partition-tags.ts';

/** Milliseconds between two looks at what other nodes changed. */
const LOOK_INTERVAL_MS = 500;
const RETRY_AFTER_MS = 1000;
const STAMP_BYTES = 8;
const NO_STAMP = Buffer.alloc(0);

/** Tries of a change whose answer was lost. */
const TRIES_MAX = 3;

/** What control documents in Redis are made of. */
export interface RedisControlOptions {
  /** Belongs to whoever opened it. */
  readonly link: Link;
  readonly clock: Clock;
  readonly random: Random;
  /** What all names in Redis begin with; no braces. Default: `reprise:`. */
  readonly prefix?: string;
  /** How many partitions the deployment has: can't be changed once there is one. */
  readonly partitions: number;
}

/**
 * Opens the control documents of the deployment that Redis holds, and gives it an id if it has none. Operating error:
 * STATE_UNAVAILABLE if Redis can't be reached, or holds a deployment of another number of partitions.
 */
export async function openRedisControlDocuments(options: RedisControlOptions): Promise<RedisControlDocuments> {
  const { link, random, prefix = 'reprise:', partitions } = options;
  // Where it lies must not depend on what it tells.
  const key = partitionKeys(prefix, partitionTags(1)[0]!).control;
  const args = [random.bytes(16).toString('hex'), partitions, random.bytes(STAMP_BYTES)];
  const fields = await kept(link.run('commands', { script: controlScripts.open, keys: [key], args }));
  const copy = readCopy(fields.answer as Buffer[]);
  if (copy.partitions !== partitions) {
    throw unavailable(`the deployment has ${copy.partitions} partitions, not ${partitions}`, undefined);
  }
  return new RedisControlDocuments(options, key, copy);
}

/**
 * Every node answers from a copy of all documents. Its own changes are in it once they are acknowledged; twice a second
 * it asks Redis whether the stamp of the newest change is another one, and then takes all over. While Redis is away the
 * copy stays. If Redis comes back without them, the first node that notices puts back its copy.
 */
export class RedisControlDocuments implements ControlDocuments {
  readonly durable = true;
  readonly deploymentId: string;
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #key: string;
  readonly #listeners = new Set<() => void>();
  #copy: ControlCopy;
  /** Of changes and looks. */
  readonly #turns = new Turns();
  #timer: Timer | undefined;
  #closed = false;

  /** Takes over a copy that was just read. */
  constructor({ link, clock, random }: RedisControlOptions, key: string, copy: ControlCopy) {
    this.deploymentId = copy.id;
    this.#link = link;
    this.#clock = clock;
    this.#random = random;
    this.#key = key;
    this.#copy = copy;
    this.#startTimer();
  }

  /** Calls `listener` after other nodes changed anything, as soon as this one notices. Returns how to stop. */
  onChange(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  async list(kind: string): Promise<readonly ControlDocument[]> {
    this.#assertOpen();
    return listKind(this.#copy, kind);
  }

  async get(kind: string, name: string): Promise<ControlDocument | undefined> {
    this.#assertOpen();
    return this.#copy.documents.get(documentField({ kind, name }));
  }

  put(put: Put): Promise<PutResult> {
    return this.#inTurn(async () => {
      const document = documentOf(put);
      const { outcome, detail } = await this.#change(controlScripts.put, [
        documentField(put),
        put.expectedVersion,
        packDocument(document),
        controlLimits.documentsMax,
      ]);
      if (outcome === 'V') return this.#mismatch(put, detail);
      if (outcome === 'Q') throw quotaExceeded();
      this.#copy.documents.set(documentField(put), document);
      return { kind: 'put', document };
    });
  }

  remove(removal: DocumentRemoval): Promise<DocumentRemovalResult> {
    return this.#inTurn(async () => {
      const { outcome, detail } = await this.#change(controlScripts.remove, [
        documentField(removal),
        removal.expectedVersion,
      ]);
      if (outcome === 'V') return this.#mismatch(removal, detail);
      this.#copy.documents.delete(documentField(removal));
      return { kind: 'removed' };
    });
  }

  secret(name: string): Promise<Buffer> {
    return this.#inTurn(async () => {
      const known = this.#copy.secrets.get(checkedName(name));
      if (known !== undefined) return Buffer.from(known);
      const candidate = this.#random.bytes(controlLimits.secretBytes);
      const { detail } = await this.#change(controlScripts.secret, [secretField(name), candidate]);
      this.#copy.secrets.set(name, Buffer.from(detail!));
      return Buffer.from(detail!);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.stop();
    await this.#turns.ended();
  }

  #startTimer(): void {
    this.#timer = this.#clock.startTimer(LOOK_INTERVAL_MS, () => {
      this.#inTurn(() => this.#look())
        .catch(() => {}) // Redis is away: the copy stays.
        .finally(() => {
          if (!this.#closed) this.#startTimer();
        });
    });
  }

  async #look(): Promise<void> {
    const { answer } = await this.#run(controlScripts.look, [this.#copy.stamp]);
    if (!Array.isArray(answer)) return;
    const found = readCopy(answer);
    if (found.id === '') return this.#restore();
    // Another deployment: somebody began anew before this node could put back what it knows. It goes on with that.
    if (found.id !== this.deploymentId) return;
    this.#copy = found;
    for (const listener of this.#listeners) listener();
  }

  async #restore(): Promise<void> {
    const stamp = this.#newStamp();
    const { answer } = await this.#run(controlScripts.restore, [this.deploymentId, stamp, ...fieldsOf(this.#copy)]);
    if (answer === 1) this.#copy.stamp = stamp;
  }

  // A change whose answer was lost is sent again: its stamp tells the script that it was made.
  async #change(script: LuaScript, args: readonly ScriptArgument[]): Promise<Outcome> {
    const stamp = this.#newStamp();
    for (let triesLeft = TRIES_MAX - 1; ; triesLeft--) {
      try {
        const { answer } = await this.#run(script, [this.deploymentId, stamp, ...args]);
        const [outcome, before, bytes] = answer as [Buffer, Buffer | undefined, Buffer | undefined];
        const letter = outcome.toString('latin1');
        if (letter === 'P' && this.#copy.stamp.equals(before ?? NO_STAMP)) this.#copy.stamp = stamp;
        if (letter !== 'L') return { outcome: letter, detail: bytes ?? undefined };
        if (triesLeft <= 0) throw unavailable('the store holds another deployment', undefined);
        await this.#look();
      } catch (error) {
        if (triesLeft <= 0 || !isUnknown(error)) throw asUnavailable(error);
      }
    }
  }

  #mismatch(named: DocumentRemoval | Put, detail: Buffer | undefined): VersionMismatch {
    const field = documentField(named);
    const current = detail === undefined ? undefined : readDocument(field, detail);
    if (current === undefined) this.#copy.documents.delete(field);
    else this.#copy.documents.set(field, current);
    return { kind: 'version-mismatch', current };
  }

  #run(script: LuaScript, args: readonly ScriptArgument[]): Promise<{ readonly answer: unknown }> {
    return this.#link.run('commands', { script, keys: [this.#key], args });
  }

  #newStamp(): Buffer {
    return this.#random.bytes(STAMP_BYTES);
  }

  async #inTurn<T>(change: () => Promise<T>): Promise<T> {
    this.#assertOpen();
    return this.#turns.take(change);
  }

  #assertOpen(): void {
    assert(!this.#closed, 'control documents were used after close');
  }
}

interface Outcome {
  readonly outcome: string;
  readonly detail: Buffer | undefined;
}

// The table checks names and body; which version there is, Redis decides.
function documentOf(put: Put): ControlDocument {
  const decided = new ControlTable().decidePut({ ...put, expectedVersion: 0 });
  assert(decided.kind === 'put');
  return { ...decided.document, version: put.expectedVersion + 1 };
}

async function kept<T>(run: Promise<T>): Promise<T> {
  return run.catch((error: unknown) => {
    throw asUnavailable(error);
  });
}

function isUnknown(error: unknown): boolean {
  return error instanceof OperatingError && error.reason === 'OUTCOME_UNKNOWN';
}

function asUnavailable(error: unknown): unknown {
  if (!(error instanceof OperatingError) || error.reason === 'STATE_UNAVAILABLE') return error;
  return unavailable('the store that keeps definitions can not be reached', error);
}

function unavailable(text: string, cause: unknown): OperatingError {
  return new OperatingError('STATE_UNAVAILABLE', text, { cause, retryAfterMs: RETRY_AFTER_MS });
}

function quotaExceeded(): OperatingError {
  return new OperatingError('QUOTA_EXCEEDED', `the server keeps ${controlLimits.documentsMax} definitions at most`, {
    quotaSubject: 'control-documents',
  });
}
