import type { ErrorObject } from 'ajv';
import { limits } from '../base/limits.ts';
import type { Schema } from './config-schema.ts';
import { nearestName } from './nearest-name.ts';

const TEXT_LENGTH_MAX = 60;

/** What is wrong at one place of the file. */
export interface Complaint {
  /** The keys that lead there. */
  readonly path: readonly string[];
  /** What is wrong and what is allowed. */
  readonly text: string;
}

/** Words what the schema has against a file; undefined for what another complaint says already. */
export function schemaComplaint(error: ErrorObject): Complaint | undefined {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(path, String(error.params['additionalProperty']), error.parentSchema as Schema);
    case 'type':
      return { path, text: `expected ${expectedTypes(error.params['type'])}, found ${describe(error.data)}` };
    case 'propertyNames':
      return badName(path, String(error.params['propertyName']));
    case 'maxProperties':
      return { path, text: `expected at most ${error.params['limit']} namespaces` };
    default:
      return undefined;
  }
}

function unknownKey(parent: readonly string[], key: string, schema: Schema): Complaint {
  const known = Object.keys(schema.properties ?? {});
  const nearest = nearestName(key, known);
  const hint = nearest === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${nearest}?`;
  return { path: [...parent, key], text: `unknown key; ${hint}` };
}

function badName(parent: readonly string[], name: string): Complaint {
  const allowed = `1 to ${limits.namespaceNameBytesMax} of a-z, 0-9, ".", "_" and "-", a letter or digit first`;
  return { path: [...parent, name], text: `this can't be a namespace's name; expected ${allowed}` };
}

function expectedTypes(types: string | readonly string[]): string {
  const words: Record<string, string> = {
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    object: 'keys with values',
  };
  return [types]
    .flat()
    .map((type) => words[type] ?? type)
    .join(' or ');
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys with values';
  const text = JSON.stringify(value);
  const shown = text.length > TEXT_LENGTH_MAX ? `${text.slice(0, TEXT_LENGTH_MAX)}…` : text;
  return typeof value === 'string' ? `the text ${shown}` : shown;
}
