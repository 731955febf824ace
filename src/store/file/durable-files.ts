import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Names of files that are still being written begin so. */
export const temporaryPrefix = '.tmp-';

/** Changes of files that survive a loss of power once their promise resolves. One change of a file at a time. */
export interface DurableFiles {
  /** Writes a whole file: afterwards, or after a crash, it is the old one or the new one, never a part. */
  write(file: string, text: string): Promise<void>;
  /** Removes a file; one that is gone already, after a try that failed halfway, is fine. */
  remove(file: string): Promise<void>;
  /** Makes a directory in one that is there, unless it is there itself. */
  makeDirectory(directory: string): Promise<void>;
}

/** Files of the machine, for the eyes of their owner only. */
export const durableFiles: DurableFiles = {
  async write(file, text) {
    const temporary = join(dirname(file), temporaryPrefix + basename(file));
    try {
      await writeAndSync(temporary, text);
      await rename(temporary, file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw error;
    }
    await syncDirectory(dirname(file));
  },
  async remove(file) {
    await rm(file, { force: true });
    await syncDirectory(dirname(file));
  },
  async makeDirectory(directory) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await syncDirectory(dirname(directory));
  },
};

async function writeAndSync(file: string, text: string): Promise<void> {
  const handle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes names durable: without it that of a new file, or that an old one is gone, may be lost with the power. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
