import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import type { Random } from '../base/random.ts';
import { Turns } from '../base/turns.ts';
import type { ControlDocument, ControlDocuments, VersionMismatch } from '../store/control-documents.ts';
import type { NamespaceId, Store } from '../store/store.ts';
import type { Namespace, NamespaceDefinition, NamespaceSettings } from './namespace.ts';
import { definitionOf, documentBodyOf, NAMESPACE_KIND } from './namespace-document.ts';
import {
  checkNamespaceName,
  managedByFile,
  namespaceBuiltIn,
  namespaceExists,
  namespaceNotFound,
  versionMismatch,
} from './namespace-errors.ts';
import { newNamespaceId, settledNamespaceId } from './namespace-id.ts';
import { changedSettings, defaultSettings } from './namespace-settings.ts';
import { type NamespaceStep, namespaceSteps } from './namespace-steps.ts';
import { OpenNamespaces } from './open-namespaces.ts';

/** The namespace that is meant where none is named. */
export const DEFAULT_NAMESPACE = 'default';

/** A namespace that the configuration file defines. */
export interface FileNamespace {
  readonly name: string;
  readonly settings: Partial<NamespaceSettings>;
}

/** What the registry works with. */
export interface RegistryParts {
  readonly store: Store;
  readonly documents: ControlDocuments;
  readonly clock: Clock;
  readonly random: Random;
  /** Bytes that all namespaces may have together. */
  readonly capacityBytes: number;
  /** Other nodes define namespaces too: one that does not fit here gets what is left. */
  readonly shared?: boolean;
}

/** A namespace that is gone. */
export interface DeletedNamespace {
  readonly id: NamespaceId;
  /** False if a restart brings it back. */
  readonly durable: boolean;
}

/** What another node did to a namespace, now in force here too. */
export interface FollowedChange {
  readonly kind: NamespaceStep['kind'];
  readonly namespace: NamespaceDefinition;
}

/**
 * The namespaces of the server: those of the file, those that administrators made on this node or another, and
 * `default`. Found by name on every call; changed one at a time, so that capacities add up.
 */
export class NamespaceRegistry {
  readonly #parts: RegistryParts;
  readonly #open: OpenNamespaces;
  readonly #turns = new Turns();
  #onFollowed: (change: FollowedChange) => void = () => {};

  private constructor(parts: RegistryParts) {
    this.#parts = parts;
    this.#open = new OpenNamespaces(parts);
  }

  /**
   * Opens the namespaces of the file, then those of the control documents, then `default`, which gets half of the
   * capacity unless somebody said otherwise. The file wins over a document of the same name.
   *
   * @throws OperatingError QUOTA_EXCEEDED if the capacities don't fit; SETTING_OUT_OF_RANGE, NAMESPACE_NAME_INVALID,
   *   STATE_UNAVAILABLE
   */
  static async open(parts: RegistryParts, fromFile: readonly FileNamespace[]): Promise<NamespaceRegistry> {
    const registry = new NamespaceRegistry(parts);
    for (const { name, settings } of fromFile) await registry.#openFromFile(name, settings);
    for (const document of await parts.documents.list(NAMESPACE_KIND)) {
      if (registry.#open.get(document.name) === undefined) await registry.#openDefined(document);
    }
    if (registry.#open.get(DEFAULT_NAMESPACE) === undefined) await registry.#openDefault();
    return registry;
  }

  /** Returns a namespace by name; the empty name means `default`. @throws OperatingError NAMESPACE_NOT_FOUND */
  named(name: string): Namespace {
    const namespace = this.#open.get(name === '' ? DEFAULT_NAMESPACE : name);
    if (namespace === undefined) throw namespaceNotFound();
    return namespace;
  }

  /** All namespaces, by name. */
  all(): Namespace[] {
    return this.#open.all();
  }

  /**
   * Creates a namespace with its own random id. Of two nodes that create the same name one is told that it exists.
   *
   * @throws OperatingError NAMESPACE_NAME_INVALID, NAMESPACE_EXISTS, SETTING_OUT_OF_RANGE, QUOTA_EXCEEDED,
   *   STATE_UNAVAILABLE
   */
  create(name: string, changes: Partial<NamespaceSettings>): Promise<Namespace> {
    return this.#change(async () => {
      checkNamespaceName(name);
      if (this.#open.get(name) !== undefined) throw namespaceExists();
      const settings = changedSettings(this.#baseOf(name), changes);
      this.#open.checkRoom(name, settings.capacityBytes);
      const kept = await this.#keep(this.#defined(name, newNamespaceId(this.#parts.random), settings), 0);
      if (kept.kind === 'version-mismatch') throw namespaceExists();
      return this.#open.use(kept.definition);
    });
  }

  /**
   * Changes settings; entries keep the lifetimes they were set with, and a smaller capacity evicts at once.
   *
   * @throws OperatingError NAMESPACE_NOT_FOUND, MANAGED_BY_FILE, VERSION_MISMATCH, SETTING_OUT_OF_RANGE,
   *   QUOTA_EXCEEDED, STATE_UNAVAILABLE
   */
  update(name: string, changes: Partial<NamespaceSettings>, expectedVersion: number | undefined): Promise<Namespace> {
    return this.#changing(name, expectedVersion, async (before) => {
      const settings = changedSettings(before.settings, changes);
      this.#open.checkRoom(name, settings.capacityBytes);
      const kept = await this.#keep({ ...before, settings }, before.version);
      return kept.kind === 'version-mismatch' ? kept : this.#open.use(kept.definition);
    });
  }

  /**
   * Deletes a namespace and all it holds. Returns which it was, and whether that outlasts a restart.
   *
   * @throws OperatingError NAMESPACE_NOT_FOUND, MANAGED_BY_FILE, NAMESPACE_BUILT_IN, VERSION_MISMATCH,
   *   STATE_UNAVAILABLE
   */
  async delete(name: string, expectedVersion: number | undefined): Promise<DeletedNamespace> {
    if (name === '' || name === DEFAULT_NAMESPACE) throw namespaceBuiltIn();
    return this.#changing(name, expectedVersion, async ({ id, version }) => {
      const { documents, store } = this.#parts;
      const removed = await documents.remove({ kind: NAMESPACE_KIND, name, expectedVersion: version });
      if (removed.kind === 'version-mismatch') return removed;
      this.#open.forget(name);
      await store.dropNamespace(id);
      return { id, durable: documents.durable };
    });
  }

  /** Tells `listener` from now on what other nodes did, once it is in force here. */
  follow(listener: (change: FollowedChange) => void): void {
    this.#onFollowed = listener;
  }

  /**
   * Brings this server to what the documents define, after other nodes changed them. Rejects with the first failure
   * after it has tried everything: call it again.
   */
  catchUp(): Promise<void> {
    return this.#turns.take(() => this.#takeOver());
  }

  async #takeOver(): Promise<void> {
    const documents = await this.#parts.documents.list(NAMESPACE_KIND);
    const failures: unknown[] = [];
    for (const step of namespaceSteps(this.#open.all(), documents, DEFAULT_NAMESPACE)) {
      await this.#take(step).catch((failure: unknown) => failures.push(failure));
    }
    if (failures.length > 0) throw failures[0];
  }

  async #take(step: NamespaceStep): Promise<void> {
    if (step.kind !== 'deleted') {
      this.#onFollowed({ kind: step.kind, namespace: await this.#openDefined(step.document) });
      return;
    }
    this.#open.forget(step.namespace.name);
    this.#onFollowed(step);
    // Again, although whoever deleted it did: a write that was under way somewhere may have come after that.
    await this.#parts.store.dropNamespace(step.namespace.id);
  }

  #openDefined(document: ControlDocument): Promise<Namespace> {
    const definition = this.#definitionOf(document);
    return this.#parts.shared ? this.#open.squeezeIn(definition) : this.#open.use(definition);
  }

  async #openFromFile(name: string, changes: Partial<NamespaceSettings>): Promise<void> {
    checkNamespaceName(name);
    const { documents, random } = this.#parts;
    const settings = changedSettings(this.#baseOf(name), changes);
    const id = await settledNamespaceId(documents, random, name);
    await this.#open.use({ ...this.#defined(name, id, settings), managedByFile: true, durable: true });
  }

  async #openDefault(): Promise<void> {
    const { documents, random } = this.#parts;
    const id = await settledNamespaceId(documents, random, DEFAULT_NAMESPACE);
    const kept = await this.#keep(this.#defined(DEFAULT_NAMESPACE, id, this.#baseOf(DEFAULT_NAMESPACE)), 0);
    await this.#open.use(kept.kind === 'kept' ? kept.definition : this.#definitionOf(kept.current!));
  }

  /** What a namespace is where nobody said otherwise. The share of `default` follows the server's capacity. */
  #baseOf(name: string): NamespaceSettings {
    if (name !== DEFAULT_NAMESPACE) return defaultSettings;
    const half = Math.floor(this.#parts.capacityBytes / 2);
    return { ...defaultSettings, capacityBytes: Math.max(limits.capacityBytesMin, half) };
  }

  #definitionOf(document: ControlDocument): NamespaceDefinition {
    return definitionOf(document, this.#baseOf(document.name), this.#parts.documents.durable);
  }

  #defined(name: string, id: NamespaceId, settings: NamespaceSettings): NamespaceDefinition {
    const { clock, documents } = this.#parts;
    const { durable } = documents;
    return { id, name, settings, version: 1, createdAtMs: clock.nowMs(), managedByFile: false, durable };
  }

  async #keep(definition: NamespaceDefinition, expectedVersion: number): Promise<Kept | VersionMismatch> {
    const { name } = definition;
    const body = documentBodyOf(definition, this.#baseOf(name));
    const result = await this.#parts.documents.put({ kind: NAMESPACE_KIND, name, expectedVersion, body });
    return result.kind === 'put' ? { kind: 'kept', definition: this.#definitionOf(result.document) } : result;
  }

  // Another node may be faster: who named no version did not mean one, and it is tried again on what there is then.
  #changing<Result extends object>(
    name: string,
    expectedVersion: number | undefined,
    attempt: (before: NamespaceDefinition) => Promise<Result | VersionMismatch>,
  ): Promise<Result> {
    return this.#change(async () => {
      let before: NamespaceDefinition | undefined = this.named(name);
      for (let tries = 0; tries < limits.conditionAttemptsMax; tries++) {
        const result: Result | VersionMismatch = await attempt(changeable(before, expectedVersion));
        if (!isMismatch(result)) return result;
        before = result.current === undefined ? undefined : this.#definitionOf(result.current);
      }
      throw versionMismatch(before?.version ?? 0);
    });
  }

  // Judged by what other nodes have done by now. What can't be taken over is tried again by whoever catches up.
  #change<Result>(change: () => Promise<Result>): Promise<Result> {
    return this.#turns.take(async () => {
      await this.#takeOver().catch(() => undefined);
      return change();
    });
  }
}

interface Kept {
  readonly kind: 'kept';
  readonly definition: NamespaceDefinition;
}

function isMismatch(result: object): result is VersionMismatch {
  return 'kind' in result && result.kind === 'version-mismatch';
}

function changeable(
  namespace: NamespaceDefinition | undefined,
  expectedVersion: number | undefined,
): NamespaceDefinition {
  if (namespace === undefined) throw namespaceNotFound();
  if (namespace.managedByFile) throw managedByFile();
  if (expectedVersion !== undefined && expectedVersion !== namespace.version) throw versionMismatch(namespace.version);
  return namespace;
}
