/** A value that JSON can hold; absence instead of null. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | JsonObject;

/** An object that JSON can hold. */
export type JsonObject = { readonly [name: string]: JsonValue };

/** A definition that the server works by: a namespace, and later roles, grants, hooks. */
export interface ControlDocument {
  /** What is defined, such as `namespace`. Same form as `name`. */
  readonly kind: string;
  /** `[a-z0-9][a-z0-9._-]{0,62}`, unique within its kind. */
  readonly name: string;
  /** 1 when created, and one more with each change. A name that is deleted and created again begins at 1. */
  readonly version: number;
  readonly body: JsonObject;
}

/** Asks to create or to replace a document. */
export interface Put {
  readonly kind: string;
  readonly name: string;
  /** The version that is replaced; 0 if there must be none. */
  readonly expectedVersion: number;
  readonly body: JsonObject;
}

/** Asks to delete a document. */
export interface DocumentRemoval {
  readonly kind: string;
  readonly name: string;
  readonly expectedVersion: number;
}

/** There is another version than expected: nothing was changed. */
export interface VersionMismatch {
  readonly kind: 'version-mismatch';
  /** What there is. */
  readonly current: ControlDocument | undefined;
}

/** The document was put, or there is another version than expected. */
export type PutResult = { readonly kind: 'put'; readonly document: ControlDocument } | VersionMismatch;

/** The document was deleted, or there is another version than expected. */
export type DocumentRemovalResult = { readonly kind: 'removed' } | VersionMismatch;

/** The limits of control documents. */
export const controlLimits = {
  /** Documents of all kinds together. */
  documentsMax: 10_000,
  /** Bytes of a body as JSON. */
  bodyBytesMax: 65_536,
  /** Bytes of a secret; that many are always made. */
  secretBytes: 32,
} as const;

/**
 * Keeps the few documents that the server works by, and its secrets. A change is made as a whole or not at all, and is
 * kept when the promise resolves. Changes take effect in the order of the calls.
 *
 * Operating errors: QUOTA_EXCEEDED beyond `controlLimits.documentsMax`; STATE_UNAVAILABLE if a change can't be kept,
 * then nothing has changed. A name of another form and a body beyond `controlLimits.bodyBytesMax` are bugs.
 */
export interface ControlDocuments {
  /** False if all is lost when the server stops. */
  readonly durable: boolean;
  /** Random id of this deployment, made once: 32 hex digits. Tokens name it. */
  readonly deploymentId: string;
  /** All documents of a kind, by name. */
  list(kind: string): Promise<readonly ControlDocument[]>;
  /** One document, if there is one. */
  get(kind: string, name: string): Promise<ControlDocument | undefined>;
  /** Creates or replaces a document, if it has the expected version. */
  put(put: Put): Promise<PutResult>;
  /** Deletes a document, if it has the expected version. */
  remove(removal: DocumentRemoval): Promise<DocumentRemovalResult>;
  /** Returns the 32 random bytes of this name, made when first asked for. Never logged, never sent. */
  secret(name: string): Promise<Buffer>;
  /**
   * Calls `listener` whenever another server may have changed documents, within a second of it: list them again then.
   * May also tell own changes, and nothing at all where no other server shares the documents. Returns how to stop.
   */
  onChange(listener: () => void): () => void;
  /** Waits for changes under way, then releases what is owned. Afterwards every call is a bug. */
  close(): Promise<void>;
}
