import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './repository.ts';

/** The folders of proto files that are vendored as published: neither formatted nor linted here. */
export const vendoredProtos: readonly string[] = ['proto/google', 'proto/grpc'];

/** Runs the pinned buf in the root of the repository. Throws with what it printed if it finds fault. */
export function buf(...arguments_: string[]): string {
  const bin = join(repositoryRoot, 'node_modules/.bin');
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
  return execFileSync(join(bin, 'buf'), arguments_, { cwd: repositoryRoot, env, encoding: 'utf8', stdio: 'pipe' });
}

/** Returns the content of all files below a folder by their path in it. */
export function filesBelow(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]));
}

/** Returns in words how two folders differ: what only one has, and what is not the same. */
export function differences(fresh: ReadonlyMap<string, string>, present: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...fresh.keys(), ...present.keys()])].sort();
  return names.flatMap((name) => {
    if (!present.has(name)) return [`${name} is missing`];
    if (!fresh.has(name)) return [`${name} is no longer generated`];
    return fresh.get(name) === present.get(name) ? [] : [`${name} is not what is generated`];
  });
}
