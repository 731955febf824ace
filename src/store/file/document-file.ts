import type { ControlDocument } from '../control-documents.ts';
import { isControlName } from '../control-table.ts';

const FORMAT = 1;
const ENDING = '.json';

/** The name of a document's file. `@` stands in neither kind nor name, so no two documents share one. */
export function documentFileName({ kind, name }: Pick<ControlDocument, 'kind' | 'name'>): string {
  return `${kind}@${name}${ENDING}`;
}

/** Tells whether a file of this name should hold a document. */
export function isDocumentFileName(fileName: string): boolean {
  return fileName.endsWith(ENDING) && !fileName.startsWith('.');
}

/** Writes a document as the text of its file. */
export function formatDocument({ kind, name, version, body }: ControlDocument): string {
  return `${JSON.stringify({ format: FORMAT, kind, name, version, body }, undefined, 2)}\n`;
}

/** Reads a document from the text of its file; or tells, in words for people, what is wrong with it. */
export function parseDocumentFile(text: string, fileName: string): ControlDocument | { readonly problem: string } {
  const content = parseObject(text);
  if (content === undefined) return { problem: 'it is not a JSON object' };
  const { format, kind, name, version, body } = content;
  if (format !== FORMAT) return { problem: `its format is not ${FORMAT}, the one that this version knows` };
  if (!isName(kind) || !isName(name)) return { problem: 'its kind or name is missing or malformed' };
  if (documentFileName({ kind, name }) !== fileName) return { problem: 'it holds a document of another name' };
  if (!isVersion(version)) return { problem: 'its version is not a whole number from 1' };
  if (!isObject(body)) return { problem: 'its body is not an object' };
  return { kind, name, version, body: body as ControlDocument['body'] };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return isObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && isControlName(value);
}

function isVersion(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}
