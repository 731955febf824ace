import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LuaScript } from './link.ts';

const FOLDER = join(import.meta.dirname, 'scripts');

/**
 * Loads `scripts/NAME.lua`: the parts in `scripts/lib` that its line `-- uses:` names, then its own text, then the parts
 * that its line `-- ends:` names; without comments. A script with the line `-- reads` changes nothing, and Redis makes
 * sure of it; with the line `-- repeatable` nothing that matters if its answer is lost. Parts are seldom functions: each function costs a script that never calls it as much as a command.
 *
 * Nothing else ever gets into the text, so that every node runs the same few scripts.
 */
export function loadScript(name: string): LuaScript {
  const own = readFileSync(join(FOLDER, `${name}.lua`), 'utf8');
  const readOnly = /^-- reads$/m.test(own);
  const repeatable = readOnly || /^-- repeatable$/m.test(own);
  const parts = [...partsOf(own, 'uses'), own, ...partsOf(own, 'ends')];
  const text = `${readOnly ? '#!lua flags=no-writes\n' : ''}${parts.map(withoutComments).join('')}`;
  return { name, sha1: createHash('sha1').update(text).digest('hex'), text, repeatable };
}

function partsOf(own: string, line: 'uses' | 'ends'): string[] {
  const names = new RegExp(`^-- ${line}: (.*)$`, 'm').exec(own)?.[1]?.split(', ') ?? [];
  return names.map((name) => readFileSync(join(FOLDER, 'lib', `${name}.lua`), 'utf8'));
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*--.*\n/gm, '').replaceAll(/^\n/gm, '');
}
