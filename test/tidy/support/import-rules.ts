import type { Finding } from './findings.ts';
import { type Import, packageOf } from './imports-of.ts';
import type { Layer, PackageRule } from './layers.ts';
import { isUnder } from './repository.ts';

/** Returns the imports within `src` that the table of layers does not allow. */
export function layerFindings(imports: readonly Import[], layers: readonly Layer[]): Finding[] {
  return imports.flatMap((found) => {
    if (!isUnder(found.from, 'src') || !isOurs(found)) return [];
    const layer = layerOf(found.from, layers);
    if (layer !== undefined && mayImport(layer, found, layers)) return [];
    const what = found.typeOnly ? 'types of' : 'values of';
    return [breach(found, `${layer?.place ?? 'this folder'} may not import ${what} ${found.target}`)];
  });
}

/** Returns the permissions that no import needs, as `place → place (values or types)`. */
export function idlePermissions(imports: readonly Import[], layers: readonly Layer[]): string[] {
  return layers.flatMap((layer) => {
    const own = imports.filter((found) => isOurs(found) && layerOf(found.from, layers) === layer);
    const used = (place: string, values: boolean): boolean =>
      own.some((found) => found.typeOnly !== values && holds(place, found.target, layers));
    return [
      ...layer.values.filter((place) => !used(place, true)).map((place) => `${layer.place} → ${place} (values)`),
      ...layer.types.filter((place) => !used(place, false)).map((place) => `${layer.place} → ${place} (types)`),
    ];
  });
}

/** Returns the imports of packages, and of modules of Node, from where they do not belong. */
export function packageFindings(imports: readonly Import[], rules: readonly PackageRule[]): Finding[] {
  return imports.flatMap((found) => {
    if (isOurs(found)) return [];
    const rule = rules.find(({ name }) => isUnder(packageOf(found.target), name));
    if (rule === undefined && found.target.startsWith('node:')) return [];
    if (rule?.places.some((place) => isUnder(found.from, place))) return [];
    return [breach(found, `${found.target} may be imported only in ${rule?.places.join(', ') ?? 'no place'}`)];
  });
}

/** Tells whether an import is of a file of this repository. */
export function isOurs({ target }: Import): boolean {
  return /^(src|test|bench|tools|proto)\//.test(target) || target.endsWith('.ts');
}

function mayImport(layer: Layer, found: Import, layers: readonly Layer[]): boolean {
  const allowed = [layer.place, ...layer.values, ...(found.typeOnly ? layer.types : [])];
  return allowed.some((place) => holds(place, found.target, layers));
}

// A permission for a folder does not reach into a layer inside it: `src/store` is the port, not the memory store.
function holds(place: string, target: string, layers: readonly Layer[]): boolean {
  if (!isUnder(target, place)) return false;
  const inner = layerOf(target, layers);
  return inner === undefined || !isUnder(inner.place, place) || inner.place === place;
}

function layerOf(path: string, layers: readonly Layer[]): Layer | undefined {
  const around = layers.filter(({ place }) => isUnder(path, place));
  return around.sort((a, b) => b.place.length - a.place.length)[0];
}

function breach({ from, line }: Import, what: string): Finding {
  return { path: from, line, what };
}
