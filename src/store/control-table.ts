import assert from 'node:assert/strict';
import { OperatingError } from '../base/operating-error.ts';
import { utf8Bytes } from '../base/utf8.ts';
import {
  type ControlDocument,
  controlLimits,
  type DocumentRemoval,
  type DocumentRemovalResult,
  type JsonObject,
  type Put,
  type PutResult,
} from './control-documents.ts';

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Control documents in memory, and the rules for changing them. Deciding and applying are two steps, so that whoever
 * keeps documents elsewhere can do that in between and apply only what is kept.
 */
export class ControlTable {
  readonly #kinds = new Map<string, Map<string, ControlDocument>>();
  #count = 0;

  /** Documents of all kinds. */
  get count(): number {
    return this.#count;
  }

  /** All documents of a kind, by name. */
  list(kind: string): ControlDocument[] {
    const documents = [...(this.#kinds.get(kind)?.values() ?? [])];
    return documents.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** One document, if there is one. */
  get(kind: string, name: string): ControlDocument | undefined {
    return this.#kinds.get(kind)?.get(name);
  }

  /** Returns what a put would lead to; `apply` makes it so. */
  decidePut({ kind, name, expectedVersion, body }: Put): PutResult {
    checkedName(kind);
    checkedName(name);
    const current = this.get(kind, name);
    if ((current?.version ?? 0) !== expectedVersion) return { kind: 'version-mismatch', current };
    if (current === undefined && this.#count >= controlLimits.documentsMax) {
      throw new OperatingError('QUOTA_EXCEEDED', `the server keeps ${controlLimits.documentsMax} definitions at most`, {
        quotaSubject: 'control-documents',
      });
    }
    const document = { kind, name, version: expectedVersion + 1, body: ownCopy(body) };
    return { kind: 'put', document };
  }

  /** Returns what a removal would lead to; `applyRemoval` makes it so. */
  decideRemoval({ kind, name, expectedVersion }: DocumentRemoval): DocumentRemovalResult {
    const current = this.get(kind, name);
    return current?.version === expectedVersion ? { kind: 'removed' } : { kind: 'version-mismatch', current };
  }

  /** Takes a document in, instead of the one of its name. */
  apply(document: ControlDocument): void {
    let documents = this.#kinds.get(document.kind);
    if (documents === undefined) {
      documents = new Map();
      this.#kinds.set(document.kind, documents);
    }
    if (!documents.has(document.name)) this.#count++;
    documents.set(document.name, document);
  }

  /** Forgets a document. */
  applyRemoval({ kind, name }: DocumentRemoval): void {
    if (this.#kinds.get(kind)?.delete(name)) this.#count--;
  }
}

/** Tells whether text may be the kind or name of a document, or the name of a secret. */
export function isControlName(text: string): boolean {
  return NAME.test(text);
}

/** Returns a name that has the form of one; anything else is a bug. */
export function checkedName(text: string): string {
  assert(isControlName(text), 'kinds and names of control documents are [a-z0-9][a-z0-9._-]{0,62}');
  return text;
}

// Through JSON, so that every implementation keeps the same and no caller can change what is kept.
function ownCopy(body: JsonObject): JsonObject {
  const text = JSON.stringify(body);
  assert(utf8Bytes(text) <= controlLimits.bodyBytesMax, 'the body of a control document is too large');
  return JSON.parse(text);
}
