import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Random } from '../base/random.ts';
import type { ControlDocuments } from '../store/control-documents.ts';
import type { NamespaceId, Store } from '../store/store.ts';
import { createCacheCounters } from '../telemetry/cache-counters.ts';
import type { Namespace, NamespaceDefinition, NamespaceSettings } from './namespace.ts';
import { definitionOf, documentBodyOf, NAMESPACE_KIND } from './namespace-document.ts';
import { changedSettings, defaultSettings } from './namespace-settings.ts';

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
}

/** A namespace that is gone. */
export interface DeletedNamespace {
  readonly id: NamespaceId;
  /** False if a restart brings it back. */
  readonly durable: boolean;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * The namespaces of the server: those of the file, those that administrators made, and `default`. Found by name on
 * every call; changed one at a time, so that capacities add up.
 */
export class NamespaceRegistry {
  readonly #parts: RegistryParts;
  readonly #namespaces = new Map<string, Namespace>();
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(parts: RegistryParts) {
    this.#parts = parts;
  }

  /**
   * Opens the namespaces of the file, then those of the control documents, then `default`, which gets half of the
   * capacity unless somebody said otherwise. The file wins over a document of the same name.
   *
   * @throws OperatingError QUOTA_EXCEEDED if the capacities don't fit; SETTING_OUT_OF_RANGE, NAMESPACE_NAME_INVALID
   */
  static async open(parts: RegistryParts, fromFile: readonly FileNamespace[]): Promise<NamespaceRegistry> {
    const registry = new NamespaceRegistry(parts);
    for (const { name, settings } of fromFile) await registry.#openFromFile(name, settings);
    for (const document of await parts.documents.list(NAMESPACE_KIND)) {
      if (!registry.#namespaces.has(document.name)) {
        await registry.#use(definitionOf(document, registry.#baseOf(document.name), parts.documents.durable));
      }
    }
    if (!registry.#namespaces.has(DEFAULT_NAMESPACE)) await registry.#openDefault();
    return registry;
  }

  /** Returns a namespace by name; the empty name means `default`. @throws OperatingError NAMESPACE_NOT_FOUND */
  named(name: string): Namespace {
    const namespace = this.#namespaces.get(name === '' ? DEFAULT_NAMESPACE : name);
    if (namespace === undefined) {
      throw new OperatingError('NAMESPACE_NOT_FOUND', 'There is no namespace of this name.', { field: 'namespace' });
    }
    return namespace;
  }

  /** All namespaces, by name. */
  all(): Namespace[] {
    return [...this.#namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Creates a namespace with its own random id.
   *
   * @throws OperatingError NAMESPACE_NAME_INVALID, NAMESPACE_EXISTS, SETTING_OUT_OF_RANGE, QUOTA_EXCEEDED,
   *   STATE_UNAVAILABLE
   */
  create(name: string, changes: Partial<NamespaceSettings>): Promise<Namespace> {
    return this.#inTurn(async () => {
      checkName(name);
      if (this.#namespaces.has(name)) {
        throw new OperatingError('NAMESPACE_EXISTS', 'There is a namespace of this name.', { field: 'name' });
      }
      const definition = this.#defined(name, changedSettings(this.#baseOf(name), changes));
      this.#checkRoom(name, definition.settings.capacityBytes);
      return this.#use(await this.#keep(definition, 0));
    });
  }

  /**
   * Changes settings; entries keep the lifetimes they were set with, and a smaller capacity evicts at once.
   *
   * @throws OperatingError NAMESPACE_NOT_FOUND, MANAGED_BY_FILE, VERSION_MISMATCH, SETTING_OUT_OF_RANGE,
   *   QUOTA_EXCEEDED, STATE_UNAVAILABLE
   */
  update(name: string, changes: Partial<NamespaceSettings>, expectedVersion: number | undefined): Promise<Namespace> {
    return this.#inTurn(async () => {
      const before = this.#changeable(name, expectedVersion);
      const settings = changedSettings(before.settings, changes);
      this.#checkRoom(name, settings.capacityBytes);
      return this.#use(await this.#keep({ ...before, settings }, before.version));
    });
  }

  /**
   * Deletes a namespace and all it holds. Returns which it was, and whether that outlasts a restart.
   *
   * @throws OperatingError NAMESPACE_NOT_FOUND, MANAGED_BY_FILE, NAMESPACE_BUILT_IN, VERSION_MISMATCH,
   *   STATE_UNAVAILABLE
   */
  delete(name: string, expectedVersion: number | undefined): Promise<DeletedNamespace> {
    return this.#inTurn(async () => {
      if (name === '' || name === DEFAULT_NAMESPACE) {
        throw new OperatingError('NAMESPACE_BUILT_IN', 'The namespace default can not be deleted.', { field: 'name' });
      }
      const { id, version } = this.#changeable(name, expectedVersion);
      const { documents, store } = this.#parts;
      await documents.remove({ kind: NAMESPACE_KIND, name, expectedVersion: version });
      this.#namespaces.delete(name);
      await store.dropNamespace(id);
      return { id, durable: documents.durable };
    });
  }

  async #openFromFile(name: string, changes: Partial<NamespaceSettings>): Promise<void> {
    checkName(name);
    const settings = changedSettings(this.#baseOf(name), changes);
    await this.#use({ ...this.#defined(name, settings), managedByFile: true, durable: true });
  }

  async #openDefault(): Promise<void> {
    await this.#use(await this.#keep(this.#defined(DEFAULT_NAMESPACE, this.#baseOf(DEFAULT_NAMESPACE)), 0));
  }

  /** What a namespace is where nobody said otherwise. The share of `default` follows the server's capacity. */
  #baseOf(name: string): NamespaceSettings {
    if (name !== DEFAULT_NAMESPACE) return defaultSettings;
    const half = Math.floor(this.#parts.capacityBytes / 2);
    return { ...defaultSettings, capacityBytes: Math.max(limits.capacityBytesMin, half) };
  }

  #defined(name: string, settings: NamespaceSettings): NamespaceDefinition {
    const { clock, documents, random } = this.#parts;
    const id = random.bytes(8).toString('hex') as NamespaceId;
    const { durable } = documents;
    return { id, name, settings, version: 1, createdAtMs: clock.nowMs(), managedByFile: false, durable };
  }

  async #keep(definition: NamespaceDefinition, expectedVersion: number): Promise<NamespaceDefinition> {
    const base = this.#baseOf(definition.name);
    const body = documentBodyOf(definition, base);
    const put = { kind: NAMESPACE_KIND, name: definition.name, expectedVersion, body };
    const result = await this.#parts.documents.put(put);
    if (result.kind === 'version-mismatch') throw versionMismatch(result.current?.version ?? 0);
    return definitionOf(result.document, base, this.#parts.documents.durable);
  }

  async #use(definition: NamespaceDefinition): Promise<Namespace> {
    const { store } = this.#parts;
    this.#checkRoom(definition.name, definition.settings.capacityBytes);
    await store.openNamespace(definition.id, definition.settings.capacityBytes);
    const known = this.#namespaces.get(definition.name);
    const counters = known?.counters ?? createCacheCounters();
    const countedSinceMs = known?.countedSinceMs ?? this.#parts.clock.monotonicMs();
    const namespace = { ...definition, counters, countedSinceMs, control: await store.control(definition.id) };
    this.#namespaces.set(definition.name, namespace);
    return namespace;
  }

  #changeable(name: string, expectedVersion: number | undefined): Namespace {
    const namespace = this.named(name);
    if (namespace.managedByFile) {
      throw new OperatingError('MANAGED_BY_FILE', 'The configuration file defines this namespace: change it there.');
    }
    if (expectedVersion !== undefined && expectedVersion !== namespace.version) {
      throw versionMismatch(namespace.version);
    }
    return namespace;
  }

  #checkRoom(name: string, capacityBytes: number): void {
    const others = this.all().filter((namespace) => namespace.name !== name);
    const given = others.reduce((sum, { settings }) => sum + settings.capacityBytes, 0);
    if (others.length >= limits.namespacesMax) throw quotaExceeded('namespaces', limits.namespacesMax, others.length);
    if (given + capacityBytes > this.#parts.capacityBytes) {
      throw quotaExceeded('capacity_bytes', this.#parts.capacityBytes, given);
    }
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const done = this.#turn.then(change);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  const message = "A namespace's name is 1 to 63 of a-z, 0-9, '.', '_' and '-', and begins with a letter or digit.";
  throw new OperatingError('NAMESPACE_NAME_INVALID', message, { field: 'name' });
}

function versionMismatch(version: number): OperatingError {
  const message = `The namespace has version ${version}: read it again.`;
  return new OperatingError('VERSION_MISMATCH', message, { metadata: { version } });
}

function quotaExceeded(subject: string, max: number, given: number): OperatingError {
  const message = `The server has ${max} of ${subject} and ${given} of them are given away.`;
  return new OperatingError('QUOTA_EXCEEDED', message, { quotaSubject: subject });
}
