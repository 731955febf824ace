import type { Defect } from './defect.ts';
import { nodeDefects } from './node-defects.ts';
import { stampDefects } from './stamp-defects.ts';
import { storeDefects } from './store-defects.ts';
import { streamDefects } from './stream-defects.ts';

/** Every defect that is planted. */
export const allDefects: readonly Defect[] = [...storeDefects, ...stampDefects, ...nodeDefects, ...streamDefects];
