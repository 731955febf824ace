import type { ControlDocument, JsonObject } from '../store/control-documents.ts';
import type { NamespaceId } from '../store/store.ts';
import type { NamespaceDefinition, NamespaceSettings } from './namespace.ts';
import { changedSettings, defaultSettings } from './namespace-settings.ts';

/** The kind of control document that defines a namespace. */
export const NAMESPACE_KIND = 'namespace';

/** Returns what a control document keeps of a namespace. */
export function documentBodyOf({ id, createdAtMs, settings }: NamespaceDefinition): JsonObject {
  return { id, createdAtMs, settings: { ...settings } };
}

/**
 * Returns the namespace that a control document defines. Settings it does not name have their defaults, so that
 * documents outlive versions.
 *
 * @throws OperatingError SETTING_OUT_OF_RANGE if somebody edited it by hand
 */
export function definitionOf(document: ControlDocument, durable: boolean): NamespaceDefinition {
  const { id, createdAtMs, settings } = document.body;
  return {
    id: id as NamespaceId,
    name: document.name,
    settings: changedSettings(defaultSettings, settings as Partial<NamespaceSettings>),
    version: document.version,
    createdAtMs: createdAtMs as number,
    managedByFile: false,
    durable,
  };
}
