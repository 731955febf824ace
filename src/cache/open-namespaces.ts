import type { Clock } from '../base/clock.ts';
import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Store } from '../store/store.ts';
import { createCacheCounters } from '../telemetry/cache-counters.ts';
import type { Namespace, NamespaceDefinition } from './namespace.ts';

/** What open namespaces work with. */
export interface OpenNamespacesParts {
  readonly store: Store;
  readonly clock: Clock;
  /** Bytes that all namespaces may have together. */
  readonly capacityBytes: number;
}

/** The namespaces that are open on this server, by name, and the room that they take. */
export class OpenNamespaces {
  readonly #parts: OpenNamespacesParts;
  readonly #byName = new Map<string, Namespace>();

  constructor(parts: OpenNamespacesParts) {
    this.#parts = parts;
  }

  /** Returns a namespace, if it is open. */
  get(name: string): Namespace | undefined {
    return this.#byName.get(name);
  }

  /** All of them, by name. */
  all(): Namespace[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Opens a namespace in the store, or changes it. Its counters go on. @throws OperatingError QUOTA_EXCEEDED */
  use(definition: NamespaceDefinition): Promise<Namespace> {
    this.checkRoom(definition.name, definition.settings.capacityBytes);
    return this.#open(definition, definition.settings.capacityBytes);
  }

  /**
   * Opens a namespace that others have defined. Where it does not fit it gets what is left: on a node that is smaller
   * than the others it is cached worse, and served all the same.
   */
  squeezeIn(definition: NamespaceDefinition): Promise<Namespace> {
    const left = this.#parts.capacityBytes - this.#given(definition.name);
    const granted = Math.max(limits.capacityBytesMin, Math.min(definition.settings.capacityBytes, left));
    return this.#open(definition, granted);
  }

  /** Forgets a namespace; the store still has it. */
  forget(name: string): void {
    this.#byName.delete(name);
  }

  /** Checks that a namespace of this capacity has room beside the others. @throws OperatingError QUOTA_EXCEEDED */
  checkRoom(name: string, capacityBytes: number): void {
    const others = this.#byName.size - (this.#byName.has(name) ? 1 : 0);
    if (others >= limits.namespacesMax) throw quotaExceeded('namespaces', limits.namespacesMax, others);
    const given = this.#given(name);
    if (given + capacityBytes > this.#parts.capacityBytes) {
      throw quotaExceeded('capacity_bytes', this.#parts.capacityBytes, given);
    }
  }

  async #open(definition: NamespaceDefinition, capacityBytes: number): Promise<Namespace> {
    const { store, clock } = this.#parts;
    await store.openNamespace(definition.id, capacityBytes);
    const known = this.#byName.get(definition.name);
    const counters = known?.counters ?? createCacheCounters();
    const countedSinceMs = known?.countedSinceMs ?? clock.monotonicMs();
    const namespace = { ...definition, counters, countedSinceMs };
    this.#byName.set(definition.name, namespace);
    return namespace;
  }

  #given(except: string): number {
    const others = this.all().filter(({ name }) => name !== except);
    return others.reduce((sum, { settings }) => sum + settings.capacityBytes, 0);
  }
}

function quotaExceeded(subject: string, max: number, given: number): OperatingError {
  const message = `The server has ${max} of ${subject} and ${given} of them are given away.`;
  return new OperatingError('QUOTA_EXCEEDED', message, { quotaSubject: subject });
}
