import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatingError } from '../../base/operating-error.ts';
import type { Spool, SpoolDamage } from '../spool.ts';
import { type AppendFile, openAppendFile } from './append-file.ts';
import { FileSpool } from './file-spool.ts';
import { readSpoolContent, type SpoolContent, spoolText } from './spool-content.ts';
import { lockDirectory, type StateLock } from './state-lock.ts';
import { stateUnavailable } from './state-unavailable.ts';

const SPOOL_FILE = 'deferred.jsonl';
const DAMAGED_FILE = 'damaged.jsonl';

/**
 * Opens the spool that a directory keeps; makes the directory if need be. What can't be read is told by the spool's
 * `damage` and kept beside, the rest counts.
 *
 * Operating error: STATE_UNAVAILABLE if the directory can't be written, is used by another server, or holds what another
 * version of the program wrote; the message says which and what to do.
 */
export async function openSpool(directory: string, openFile: typeof openAppendFile = openAppendFile): Promise<Spool> {
  const lock = lockDirectory(directory, 'spool');
  try {
    return await openLocked(directory, lock, openFile);
  } catch (error) {
    lock.release();
    if (!(error instanceof OperatingError))
      throw stateUnavailable(`the spool directory ${directory} can't be used`, error);
    throw new OperatingError(error.reason, `${join(directory, SPOOL_FILE)} can't be used: ${error.message}`, {
      cause: error,
    });
  }
}

async function openLocked(directory: string, lock: StateLock, openFile: typeof openAppendFile): Promise<Spool> {
  const path = join(directory, SPOOL_FILE);
  const file = await openFile(path);
  try {
    const found = readFileSync(path);
    const content = readSpoolContent(found.toString());
    const damage = damageOf(content);
    if (damage !== undefined) await keepCopy(join(directory, damage.keptAs), found);
    await tidy(file, content);
    return new FileSpool({ file, lock, damage, kept: content.kept, newest: content.newest });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Takes out what was made, and what can't be read: the next line must begin where a line ended. */
async function tidy(file: AppendFile, { kept, untidy }: SpoolContent): Promise<void> {
  if (untidy) await file.replace(spoolText(kept));
  else if (kept.length === 0 && file.bytes > 0) await file.clear();
}

async function keepCopy(path: string, content: Uint8Array): Promise<void> {
  const copy = await openAppendFile(path);
  await copy.replace(content).finally(() => copy.close());
}

function damageOf({ damagedLines }: SpoolContent): SpoolDamage | undefined {
  return damagedLines.length === 0 ? undefined : { file: SPOOL_FILE, lines: damagedLines, keptAs: DAMAGED_FILE };
}
