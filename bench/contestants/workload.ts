import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What every contestant stores and reads: 100 keys of 16 bytes with values of 100 bytes. */
export const workload = {
  namespace: 'bench',
  keys: Array.from({ length: 100 }, (_, index) => `bench:key:${index.toString().padStart(6, '0')}`),
  /** Printable, so that line protocols carry it too. */
  value: 'v'.repeat(100),
} as const;

/** The one key that unary gets read. */
export const hotKey = workload.keys[0]!;

/** A directory for the files of one run, gone afterwards. */
export interface Scratch extends Disposable {
  readonly path: string;
  /** Writes a file and returns its path. */
  write(name: string, bytes: Uint8Array): string;
}

/** Creates the directory. */
export function openScratch(): Scratch {
  const path = mkdtempSync(join(tmpdir(), 'reprise-bench-'));
  return {
    path,
    write(name, bytes) {
      writeFileSync(join(path, name), bytes);
      return join(path, name);
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
