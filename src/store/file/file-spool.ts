import assert from 'node:assert/strict';
import { limits } from '../../base/limits.ts';
import { OperatingError } from '../../base/operating-error.ts';
import { Turns } from '../../base/turns.ts';
import { utf8Bytes } from '../../base/utf8.ts';
import type { DeferredInvalidation, Spool, SpoolDamage } from '../spool.ts';
import type { AppendFile } from './append-file.ts';
import { type KeptInvalidation, spoolText } from './spool-content.ts';
import { formatSpoolLine } from './spool-line.ts';
import type { StateLock } from './state-lock.ts';
import { stateUnavailable } from './state-unavailable.ts';

/** What a spool in a file works with. */
export interface FileSpoolParts {
  readonly file: AppendFile;
  readonly lock: StateLock;
  /** What the file holds, the oldest first. */
  readonly kept: readonly KeptInvalidation[];
  /** The number of the newest invalidation that was ever in the file. */
  readonly newest: number;
  readonly damage: SpoolDamage | undefined;
}

/** An invalidation that is still to be written. */
interface Coming extends KeptInvalidation {
  readonly line: string;
}

/** Milliseconds after which a caller may try again who found it full: the store must come back first. */
const FULL_RETRY_AFTER_MS = 5000;
/** Bytes of the file beyond which what was made is taken out of it. */
const FILE_BYTES_MAX = 2 * limits.spoolBytesMax;

/**
 * A spool in one file: a line for each invalidation, and one for each time that some were made. Those that come while
 * the disk is busy are written together. The file is emptied when all were made.
 */
export class FileSpool implements Spool {
  readonly damage: SpoolDamage | undefined;
  readonly #file: AppendFile;
  readonly #lock: StateLock;
  /** On the disk, the oldest first. */
  readonly #kept: KeptInvalidation[];
  readonly #coming: Coming[] = [];
  #newest: number;
  /** Of all that is kept or coming. */
  #size: number;
  #bytes: number;
  /** The turn in which all that comes meanwhile will be written. */
  #writing: Promise<void> | undefined;
  /** Of the changes of the file. */
  readonly #turns = new Turns();
  #closed = false;

  constructor({ file, lock, kept, newest, damage }: FileSpoolParts) {
    this.damage = damage;
    this.#file = file;
    this.#lock = lock;
    this.#kept = [...kept];
    this.#newest = newest;
    this.#size = kept.length;
    this.#bytes = bytesOf(kept);
  }

  get size(): number {
    return this.#size;
  }

  at(index: number): DeferredInvalidation | undefined {
    return this.#kept[index]?.invalidation;
  }

  append(invalidation: DeferredInvalidation): Promise<void> {
    assert(!this.#closed, 'a spool was used after close');
    const number = this.#newest + 1;
    const line = formatSpoolLine({ kind: 'deferred', number, invalidation });
    const bytes = utf8Bytes(line);
    if (this.#size >= limits.spooledInvalidationsMax || this.#bytes + bytes > limits.spoolBytesMax) {
      return Promise.reject(spoolFull());
    }
    this.#newest = number;
    this.#coming.push({ number, invalidation, bytes, line });
    this.#size++;
    this.#bytes += bytes;
    this.#writing ??= this.#turns.take(() => this.#write());
    return this.#writing;
  }

  removeOldest(count: number): Promise<void> {
    assert(!this.#closed, 'a spool was used after close');
    return this.#turns.take(async () => {
      await this.#noteDone(count);
      const removed = this.#kept.splice(0, count);
      this.#size -= removed.length;
      this.#bytes -= bytesOf(removed);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#turns.ended();
    await this.#file.close();
    this.#lock.release();
  }

  /** Writes all that has come by now. */
  async #write(): Promise<void> {
    this.#writing = undefined;
    const coming = this.#coming.splice(0);
    try {
      await this.#file.append(coming.map(({ line }) => line).join(''));
    } catch (error) {
      this.#size -= coming.length;
      this.#bytes -= bytesOf(coming);
      throw stateUnavailable('the invalidation could not be written to the spool directory', error);
    }
    for (const { number, invalidation, bytes } of coming) this.#kept.push({ number, invalidation, bytes });
  }

  async #noteDone(count: number): Promise<void> {
    const last = this.#kept[count - 1];
    assert(last !== undefined, 'more was made than is kept');
    try {
      if (count === this.#kept.length) await this.#file.clear();
      else if (this.#file.bytes > FILE_BYTES_MAX) await this.#file.replace(spoolText(this.#kept.slice(count)));
      else await this.#file.append(formatSpoolLine({ kind: 'done', upTo: last.number }));
    } catch (error) {
      throw stateUnavailable('what was made could not be taken out of the spool directory', error);
    }
  }
}

function bytesOf(kept: readonly KeptInvalidation[]): number {
  return kept.reduce((sum, { bytes }) => sum + bytes, 0);
}

function spoolFull(): OperatingError {
  const text = 'The node keeps as many deferred invalidations as it may: try again when the store is back.';
  return new OperatingError('SPOOL_FULL', text, {
    retryAfterMs: FULL_RETRY_AFTER_MS,
    quotaSubject: 'spooled_invalidations',
  });
}
