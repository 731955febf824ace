import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperatingError } from '../../base/operating-error.ts';
import { stateUnavailable } from './state-unavailable.ts';

/** What a directory is for. */
type Purpose = 'state' | 'spool';

/** The right to use a directory, until it is released or the process ends. */
export interface StateLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Makes a directory if need be, and takes its lock: a file of the name `lock` in it.
 *
 * Operating error: STATE_UNAVAILABLE if it can't be made or locked, or if another server, or this one,
 * holds it; it says what the directory is for.
 */
export function lockDirectory(directory: string, purpose: Purpose): StateLock {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw stateUnavailable(`the ${purpose} directory ${directory} can't be made`, error);
  }
  return takeLock(join(directory, 'lock'), directory, purpose);
}

/**
 * Takes the lock that a file stands for. Deliberate: SQLite takes it, on a database that stays empty, since Node has no
 * `flock`. The kernel drops such a lock with its process, however that ends, so there is no stale one to judge; a file
 * with a process id would be taken over wrongly in containers, where every server is process 1.
 */
function takeLock(file: string, directory: string, purpose: Purpose): StateLock {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) {
      throw stateUnavailable(`the ${purpose} directory ${directory} can't be locked`, error);
    }
    const text = `the ${purpose} directory ${directory} is used by another server: stop that one, or give this one its own`;
    throw new OperatingError('STATE_UNAVAILABLE', text, { cause: error });
  }
  const locked = database;
  return { release: () => locked.close() };
}
