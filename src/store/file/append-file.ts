import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './durable-files.ts';

/**
 * A file that grows at its end. What was appended is there after a crash, what failed is not: it leaves no piece that a
 * later line would follow. One call at a time.
 */
export interface AppendFile {
  /** Bytes that it holds. */
  readonly bytes: number;
  /** Writes at the end. On the disk when the promise resolves; if it rejects, nothing was appended. */
  append(text: string): Promise<void>;
  /** Writes it anew: afterwards, or after a crash, it is the old one or the new one. */
  replace(content: string | Uint8Array): Promise<void>;
  /** Empties it. */
  clear(): Promise<void>;
  /** Lets go of it. */
  close(): Promise<void>;
}

/** Opens a file of the machine, for the eyes of its owner only, and makes it if need be. */
export async function openAppendFile(file: string): Promise<AppendFile> {
  const handle = await open(file, 'a', 0o600);
  try {
    await syncDirectory(dirname(file));
    return new SyncedFile(file, handle, (await handle.stat()).size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class SyncedFile implements AppendFile {
  readonly #file: string;
  #handle: FileHandle;
  #bytes: number;
  /** A try that failed may have left a piece behind what counts. */
  #untidy = false;

  constructor(file: string, handle: FileHandle, bytes: number) {
    this.#file = file;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  async append(text: string): Promise<void> {
    if (this.#untidy) await this.#cutTo(this.#bytes);
    this.#untidy = true;
    try {
      await this.#handle.appendFile(text);
      await this.#handle.datasync();
    } catch (error) {
      // Now if it can be; the next append tries again before it writes.
      await this.#cutTo(this.#bytes).catch(() => {});
      throw error;
    }
    this.#bytes += Buffer.byteLength(text);
    this.#untidy = false;
  }

  async replace(content: string | Uint8Array): Promise<void> {
    const temporary = `${this.#file}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.appendFile(content);
      await handle.sync();
      await rename(temporary, this.#file);
    } catch (error) {
      await handle.close();
      throw error;
    }
    const old = this.#handle;
    // From here on the name is the new one's: whatever fails now, nothing may be written to the old one.
    this.#handle = handle;
    this.#bytes = Buffer.byteLength(content);
    this.#untidy = false;
    await old.close();
    await syncDirectory(dirname(this.#file));
  }

  async clear(): Promise<void> {
    await this.#cutTo(0);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async #cutTo(bytes: number): Promise<void> {
    await this.#handle.truncate(bytes);
    await this.#handle.sync();
    this.#bytes = bytes;
    this.#untidy = false;
  }
}
