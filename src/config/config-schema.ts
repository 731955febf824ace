import { limits } from '../base/limits.ts';
import type { Flag } from './flag.ts';
import { flags } from './flags.ts';
import { namespaceKeys } from './namespace-keys.ts';

/** The part of JSON Schema that describes the file. */
export interface Schema {
  readonly type: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly propertyNames?: { readonly pattern: string };
  readonly maxProperties?: number;
}

const FILE_TYPES = {
  duration: ['string'],
  size: ['string', 'integer'],
  ratio: ['number'],
  word: ['string'],
} as const;

/** Returns the file's schema, made from the tables of flags and of namespace settings. Unknown keys are refused. */
export function configSchema(): Schema {
  const inFile = flags.filter((flag) => flag.filePath !== undefined);
  const top = inFile.filter((flag) => flag.filePath?.length === 1);
  const grouped = Map.groupBy(
    inFile.filter((flag) => flag.filePath?.length === 2),
    (flag) => flag.filePath![0]!,
  );
  const groups = [...grouped].map(([name, members]) => [name, group(properties(members))]);
  return {
    type: 'object',
    additionalProperties: false,
    properties: { ...properties(top), ...Object.fromEntries(groups), namespaces: namespacesSchema() },
  };
}

function properties(of: readonly Flag[]): Record<string, Schema> {
  return Object.fromEntries(
    of.map((flag) => [flag.filePath!.at(-1)!, { type: flag.fileTypes ?? ['string'], description: flag.help }]),
  );
}

function group(of: Record<string, Schema>): Schema {
  return { type: 'object', additionalProperties: false, properties: of };
}

function namespacesSchema(): Schema {
  const settings = namespaceKeys.map((key) => [key.name, { type: FILE_TYPES[key.kind], description: key.help }]);
  return {
    type: 'object',
    maxProperties: limits.namespacesMax,
    propertyNames: { pattern: `^[a-z0-9][a-z0-9._-]{0,${limits.namespaceNameBytesMax - 1}}$` },
    additionalProperties: group(Object.fromEntries(settings)),
  };
}
