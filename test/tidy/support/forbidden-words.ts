import type { SourceFile } from 'typescript/unstable/ast';
import { isIdentifier, isPrivateIdentifier } from 'typescript/unstable/ast/is';
import type { Finding } from './findings.ts';
import { lineOf, nodesOf } from './syntax-trees.ts';

/** Words that our own names don't use, and the ones they do. As the parts of a name, in small letters. */
export const wordsInstead: Readonly<Record<string, string>> = {
  backend: 'store',
  driver: 'store',
  'soft ttl': 'stale window',
  'local cache': 'tier, or near cache in a client',
  evictor: 'eviction policy',
  strategy: 'eviction policy',
  dedupe: 'single flight',
  dedup: 'single flight',
  bus: 'hub',
  backplane: 'hub',
  tenant: 'namespace',
  user: 'principal',
  cursor: 'revision, watermark or page token',
};

/** Returns the names in a file that say one of the words. */
export function wrongWords(path: string, file: SourceFile): Finding[] {
  return nodesOf(file).flatMap((node) => {
    if (!isIdentifier(node) && !isPrivateIdentifier(node)) return [];
    const parts = ` ${partsOf(node.text)} `;
    const found = Object.entries(wordsInstead).filter(([word]) => parts.includes(` ${word} `));
    return found.map(([word, instead]) => ({
      path,
      line: lineOf(file, node),
      what: `${node.text}: don't say "${word}", say ${instead}`,
    }));
  });
}

function partsOf(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[^A-Za-z0-9]+/g, ' ')
    .trim()
    .toLowerCase();
}
