import { readFileSync, statSync } from 'node:fs';
import { Ajv } from 'ajv';
import { type Document, isScalar, LineCounter, parseDocument } from 'yaml';
import type { FileNamespace } from './config.ts';
import { ConfigError } from './config-error.ts';
import { configSchema } from './config-schema.ts';
import type { Given } from './flag.ts';
import { flags } from './flags.ts';
import { namespaceKeys, readNamespaceKey } from './namespace-keys.ts';
import { schemaComplaint } from './schema-complaint.ts';

/** What a configuration file says. */
export interface FileContent {
  readonly given: Given;
  readonly namespaces: readonly FileNamespace[];
}

/** Most bytes of a configuration file; a thousand namespaces take about a tenth. */
export const configFileBytesMax = 4 * 1024 * 1024;

type Tree = { readonly [key: string]: Tree | string | number | boolean };
/** Words a place in the file for messages. */
type Locate = (path: readonly string[]) => string;

/** Reads a configuration file. Throws a ConfigError that names the file, the line and the key. */
export function readConfigFile(file: string): FileContent {
  return parseConfigText(readText(file), file);
}

/** Reads the text of a configuration file; `file` is its name for messages. Throws a ConfigError. */
export function parseConfigText(text: string, file: string): FileContent {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw new ConfigError(`${file} is not valid YAML: ${withoutLogins(problem.message)}`);
  const locate: Locate = (path) => `${file}${lineOf(document, lines, path)}: ${path.join('.')}`;
  const tree = checkedTree(toPlain(document, file), locate, file);
  return { given: givenBy(tree, locate), namespaces: namespacesOf(tree, locate) };
}

// The library shows the line that it stumbled over, which may be a URL with a password.
function withoutLogins(message: string): string {
  return message.replaceAll(/:\/\/.*@/g, '://…@');
}

function readText(file: string): string {
  try {
    if (statSync(file).size > configFileBytesMax) {
      throw new ConfigError(`${file} is larger than ${configFileBytesMax} bytes: this is hardly a configuration file`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ConfigError(`${file} can't be read (${why}): --config must name a readable file`, { cause: error });
  }
}

function toPlain(document: Document, file: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    // The library refuses aliases that multiply beyond measure.
    throw new ConfigError(`${file} can't be used: ${(error as Error).message}`, { cause: error });
  }
}

function checkedTree(content: unknown, locate: Locate, file: string): Tree {
  const validate = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true }).compile<Tree>(configSchema());
  if (validate(content)) return content;
  const complaints = (validate.errors ?? []).map(schemaComplaint).filter((complaint) => complaint !== undefined);
  const lines = complaints.map(({ path, text }) =>
    path.length === 0 ? `${file}: ${text}` : `${locate(path)}: ${text}`,
  );
  throw new ConfigError(lines.join('\n'));
}

function givenBy(tree: Tree, locate: Locate): Given {
  const parts = flags.map(({ filePath, read }) => {
    const value = filePath?.reduce<Tree[string] | undefined>((node, key) => (node as Tree | undefined)?.[key], tree);
    return value === undefined ? {} : read(String(value), locate(filePath!));
  });
  return Object.assign({}, ...parts);
}

function namespacesOf(tree: Tree, locate: Locate): FileNamespace[] {
  return Object.entries((tree['namespaces'] ?? {}) as Tree).map(([name, settings]) => {
    const given = namespaceKeys.filter((key) => Object.hasOwn(settings as Tree, key.name));
    const pairs = given.map((key) => {
      const value = (settings as Tree)[key.name] as string | number;
      return [key.field, readNamespaceKey(key, value, locate(['namespaces', name, key.name]))];
    });
    return { name, settings: Object.fromEntries(pairs) };
  });
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): string {
  const node = document.getIn(path, true);
  if (!isScalar(node) || node.range === undefined || node.range === null) return '';
  return ` line ${lines.linePos(node.range[0]).line}`;
}
