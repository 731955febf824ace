import { DatabaseSync } from 'node:sqlite';
import { OperatingError } from '../../base/operating-error.ts';
import { stateUnavailable } from './state-unavailable.ts';

/** The right to use a directory, until it is released or the process ends. */
export interface StateLock {
  release(): void;
}

const SQLITE_BUSY = 5;

/**
 * Takes the lock that a file stands for. Deliberate: SQLite takes it, on a database that stays empty, since Node has no
 * `flock`. The kernel drops such a lock with its process, however that ends, so there is no stale one to judge; a file
 * with a process id would be taken over wrongly in containers, where every server is process 1.
 *
 * Operating error: STATE_UNAVAILABLE if another server, or this one, holds it; it says what the directory is for.
 */
export function takeStateLock(file: string, directory: string, purpose: 'state' | 'spool' = 'state'): StateLock {
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
