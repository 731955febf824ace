import type { Node, SourceFile } from 'typescript/unstable/ast';
import type { FileSystem } from 'typescript/unstable/fs';
import { API } from 'typescript/unstable/sync';
import { readText } from './repository.ts';

const ROOT = '/virtual';
const CONFIG = `${ROOT}/tsconfig.json`;
const compilerOptions = {
  noLib: true,
  noResolve: true,
  types: [],
  target: 'es2024',
  module: 'nodenext',
  noEmit: true,
  allowImportingTsExtensions: true,
};

/** Parsed files by path. */
export type SyntaxTrees = ReadonlyMap<string, SourceFile>;

/** Parses files of the repository, each by itself. */
export function parseFiles(paths: readonly string[]): SyntaxTrees {
  return parseTexts(Object.fromEntries(paths.map((path) => [path, readText(path)])));
}

/** Parses one text as if it stood in `path`. */
export function parseText(text: string, path = 'src/sample.ts'): SourceFile {
  return parseTexts({ [path]: text }).get(path)!;
}

/**
 * Parses texts by path. Deliberate: the compiler sees them in a file system of their own, where nothing is resolved;
 * with imports and libraries it takes four times as long. Its API is marked unstable: only this file knows how it is
 * called, and the compiler's version is pinned.
 */
export function parseTexts(texts: Readonly<Record<string, string>>): SyntaxTrees {
  const paths = Object.keys(texts);
  const files = new Map(paths.map((path) => [`${ROOT}/${path}`, texts[path]!]));
  files.set(CONFIG, JSON.stringify({ compilerOptions, files: paths }));
  const api = new API({ cwd: ROOT, fs: onlyThese(files) });
  try {
    const program = api.updateSnapshot({ openProjects: [CONFIG] }).getProjects()[0]!.program;
    return new Map(paths.map((path) => [path, program.getSourceFile(`${ROOT}/${path}`)!]));
  } finally {
    api.close();
  }
}

const nodesByFile = new WeakMap<SourceFile, readonly Node[]>();

/** Returns all nodes of a file, in the order of the text. Kept: many rules ask, and a walk through all takes a second. */
export function nodesOf(file: SourceFile): readonly Node[] {
  let nodes = nodesByFile.get(file);
  if (nodes === undefined) {
    nodes = walk(file);
    nodesByFile.set(file, nodes);
  }
  return nodes;
}

function walk(file: SourceFile): Node[] {
  const nodes: Node[] = [];
  const visit = (node: Node): void => {
    nodes.push(node);
    node.forEachChild(visit);
  };
  visit(file);
  return nodes;
}

/** Returns the line on which a node begins, its comments aside, from 1. */
export function lineOf(file: SourceFile, node: Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

function onlyThese(files: ReadonlyMap<string, string>): FileSystem {
  return {
    // The API's word for a file that is not there.
    readFile: (file) => files.get(file) ?? null,
    fileExists: (file) => files.has(file),
    directoryExists: (directory) => directory === ROOT || directory.startsWith(`${ROOT}/`),
    getAccessibleEntries: () => ({ files: [], directories: [] }),
    realpath: (path) => path,
  };
}
