import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that package.json stands in, without a slash at its end. */
export const repositoryRoot = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');

/** Returns all files that git knows or would add, as sorted paths from the root. */
export function repositoryFiles(): string[] {
  const arguments_ = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const output = execFileSync('git', arguments_, { cwd: repositoryRoot, encoding: 'utf8' });
  const files = output.split('\0').filter((file) => file !== '' && existsSync(join(repositoryRoot, file)));
  return [...new Set(files)].sort();
}

/** Returns the TypeScript files below some folders, or of that path; without those that are generated. */
export function sourcePaths(...places: string[]): string[] {
  return repositoryFiles().filter(
    (file) => file.endsWith('.ts') && !isGenerated(file) && places.some((place) => isUnder(file, place)),
  );
}

/** Where `make generate` writes whole files. */
const GENERATED = [
  'src/gen',
  'clients/typescript/src/gen',
  'clients/python/src/reprise/v1',
  'clients/go/gen',
  'clients/java/src/gen',
  'clients/java/src/gen-test',
];

/** Tells whether a file is written by `make generate` as a whole. */
export function isGenerated(file: string): boolean {
  return GENERATED.some((place) => isUnder(file, place));
}

/** Tells whether a path is a place, or lies below it. */
export function isUnder(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}

/** Returns the text of one file of the repository. */
export function readText(file: string): string {
  return readFileSync(join(repositoryRoot, file), 'utf8');
}
