import type { Partition } from '../../cache/rules/position.ts';
import type { Change } from '../store.ts';
import { readChange } from './change-codec.ts';

/** Reads a page of the log as Redis gives it: for each change its id, and the name and bytes of its one field. */
export function readLog(page: unknown, partition: Partition): readonly Change[] {
  const changes = page as readonly (readonly [Buffer, readonly [Buffer, Buffer]])[];
  return changes.map(([, [, bytes]]) => readChange(bytes, partition));
}
