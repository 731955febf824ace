import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { join } from 'node:path/posix';
import type { Finding } from './findings.ts';
import { repositoryRoot } from './repository.ts';

/** Documents by their path. */
export type Documents = ReadonlyMap<string, string>;

const LINK = /\]\(([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.*)$/gm;
const SOURCE_PATH = /(?<![\w./-])(?:src|test|tools|bench|proto|docs)\/[\w./*-]*\w(?:\.\w+)?/g;

/** Returns the relative links in documents that lead to no file, or to no heading of a document. */
export function deadLinks(documents: Documents): Finding[] {
  return [...documents].flatMap(([path, text]) =>
    matches(withoutCode(text), LINK).flatMap(({ line, match: [, target] }) => {
      const found = /^(?:[a-z]+:|\/)/.test(target!) || leadsSomewhere(path, target!, documents);
      return found ? [] : [{ path, line, what: `${target} leads nowhere` }];
    }),
  );
}

/** Returns the paths of files of ours that a document names and that do not exist. */
export function missingPaths(path: string, text: string): Finding[] {
  // The document of a client may name files from the client's own folder.
  const isThere = (named: string): boolean => exists(named) || exists(posix.join(posix.dirname(path), named));
  return matches(text, SOURCE_PATH)
    .filter(({ match: [named] }) => !named.includes('*') && !isThere(named))
    .map(({ line, match: [named] }) => ({ path, line, what: `${named} does not exist` }));
}

/** Returns the anchors of a document's headings, as they are made on code forges. */
export function anchorsOf(text: string): string[] {
  return [...withoutCode(text).matchAll(HEADING)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsSomewhere(from: string, target: string, documents: Documents): boolean {
  const [file, anchor] = target.split('#', 2) as [string, string?];
  const path = file === '' ? from : posix.join(posix.dirname(from), file);
  if (!documents.has(path) && !exists(path)) return false;
  return anchor === undefined || anchorsOf(documents.get(path) ?? '').includes(anchor);
}

function exists(path: string): boolean {
  return existsSync(join(repositoryRoot, path));
}

// Blocks of code hold what looks like headings and links. Lines stay where they are.
function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ''));
}

function matches(text: string, pattern: RegExp): { line: number; match: RegExpExecArray }[] {
  return text
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(pattern)].map((match) => ({ line: index + 1, match })));
}
