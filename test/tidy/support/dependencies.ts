import { isOurs } from './import-rules.ts';
import { type Import, packageOf } from './imports-of.ts';
import { isUnder, readText } from './repository.ts';

/** The lists of packages in package.json, by what they are for. */
export interface DeclaredPackages {
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

/** A package that is used without an import, and where that shows. */
export interface Evidence {
  readonly file: string;
  readonly words: string;
}

/** What is used as a command, as a plugin, by the compiler or by another package. */
export const usedWithoutImport: Readonly<Record<string, Evidence>> = {
  '@biomejs/biome': { file: 'package.json', words: 'biome check' },
  '@bufbuild/buf': { file: 'package.json', words: 'buf lint' },
  '@types/node': { file: 'tsconfig.json', words: '"types": ["node"]' },
  'ts-proto': { file: 'buf.gen.yaml', words: 'protoc-gen-ts_proto' },
};

/** Returns what package.json declares; the binaries of Node, which are optional, aside. */
export function declaredPackages(): DeclaredPackages {
  const content = JSON.parse(readText('package.json')) as Record<keyof DeclaredPackages, Record<string, string>>;
  return {
    dependencies: Object.keys(content.dependencies),
    devDependencies: Object.keys(content.devDependencies),
  };
}

/** Returns in words which declared packages nothing uses, which used ones are missing, and which are in the wrong list. */
export function dependencyComplaints(
  { dependencies, devDependencies }: DeclaredPackages,
  imports: readonly Import[],
  evidence: Readonly<Record<string, Evidence>> = usedWithoutImport,
): string[] {
  const external = imports.filter((found) => !isOurs(found) && !found.target.startsWith('node:'));
  const names = (of: readonly Import[]): Set<string> => new Set(of.map(({ target }) => packageOf(target)));
  const bySource = names(external.filter(({ from }) => isUnder(from, 'src')));
  const byAny = names(external);
  const declared = [...dependencies, ...devDependencies];
  return [
    ...dependencies.filter((name) => !bySource.has(name)).map((name) => `${name}: a dependency that src never imports`),
    ...devDependencies
      .filter((name) => !byAny.has(name) && !Object.hasOwn(evidence, name))
      .map((name) => `${name}: a dev dependency that nothing imports`),
    ...[...byAny].filter((name) => !declared.includes(name)).map((name) => `${name}: imported, not in package.json`),
    ...devDependencies.filter((name) => bySource.has(name)).map((name) => `${name}: src imports a dev dependency`),
  ];
}
