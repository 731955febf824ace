import { readFileSync, writeFileSync } from 'node:fs';
import { fillSections } from './docs/fill-sections.ts';
import { operationsSections } from './docs/sections.ts';

// Writes the generated parts of docs/operations.md anew, from the tables in src and the comments in proto.
const file = new URL('../docs/operations.md', import.meta.url);
writeFileSync(file, fillSections(readFileSync(file, 'utf8'), operationsSections));
