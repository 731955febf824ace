import type { ControlDocument, JsonObject } from '../control-documents.ts';

/**
 * What a node last saw of the control documents, and of the secrets: it answers reads, and puts back what Redis lost.
 * Never changed after the fact by anybody but this node's own acknowledged changes.
 */
export interface ControlCopy {
  /** Of the deployment; empty if Redis has none. */
  readonly id: string;
  readonly partitions: number;
  /** Of the newest change, as bytes. */
  stamp: Buffer;
  /** By field. */
  readonly documents: Map<string, ControlDocument>;
  readonly secrets: Map<string, Buffer>;
}

/** Returns the field of a document. Kinds and names hold no slash. */
export function documentField({ kind, name }: Pick<ControlDocument, 'kind' | 'name'>): string {
  return `d:${kind}/${name}`;
}

/** Returns the field of a secret. */
export function secretField(name: string): string {
  return `s:${name}`;
}

/** Returns a document as its field holds it. */
export function packDocument({ version, body }: ControlDocument): string {
  return `${version} ${JSON.stringify(body)}`;
}

/** Reads a document. */
export function readDocument(field: string, packed: Buffer): ControlDocument {
  const [kind, name] = field.slice(2).split('/');
  const text = packed.toString('utf8');
  const space = text.indexOf(' ');
  return { kind: kind!, name: name!, version: Number(text.slice(0, space)), body: readBody(text.slice(space + 1)) };
}

function readBody(text: string): JsonObject {
  return JSON.parse(text);
}

/** Returns the documents of a kind, by name. */
export function listKind({ documents }: ControlCopy, kind: string): ControlDocument[] {
  const ofKind = [...documents.values()].filter((document) => document.kind === kind);
  return ofKind.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Reads all fields and values, one after the other as Redis gives them. */
export function readCopy(fields: readonly Buffer[]): ControlCopy {
  const own = new Map<string, Buffer>();
  const documents = new Map<string, ControlDocument>();
  const secrets = new Map<string, Buffer>();
  for (let i = 0; i < fields.length; i += 2) {
    const [field, value] = [fields[i]!.toString('utf8'), fields[i + 1]!];
    if (field.startsWith('d:')) documents.set(field, readDocument(field, value));
    else if (field.startsWith('s:')) secrets.set(field.slice(2), Buffer.from(value));
    else own.set(field, value);
  }
  return {
    id: own.get('id')?.toString('latin1') ?? '',
    partitions: Number(own.get('partitions')?.toString('latin1') ?? 0),
    stamp: Buffer.from(own.get('stamp') ?? []),
    documents,
    secrets,
  };
}

/** Returns the fields and values that put a copy back, without its id and stamp. */
export function fieldsOf({ partitions, documents, secrets }: ControlCopy): (string | Buffer)[] {
  const defined = [...documents].flatMap(([field, document]) => [field, packDocument(document)]);
  const kept = [...secrets].flatMap(([name, bytes]) => [secretField(name), bytes]);
  return ['partitions', String(partitions), 'count', String(documents.size), ...defined, ...kept];
}
