import type { ControlDocument, JsonObject } from '../store/control-documents.ts';
import type { NamespaceId } from '../store/store.ts';
import type { NamespaceDefinition, NamespaceSettings } from './namespace.ts';
import { changedSettings } from './namespace-settings.ts';

/** The kind of control document that defines a namespace. */
export const NAMESPACE_KIND = 'namespace';

/** Returns what a control document keeps of a namespace: of its settings those that differ from `base`. */
export function documentBodyOf(
  { id, createdAtMs, settings }: NamespaceDefinition,
  base: NamespaceSettings,
): JsonObject {
  const names = Object.keys(settings) as (keyof NamespaceSettings)[];
  const changed = names.filter((name) => settings[name] !== base[name]).map((name) => [name, settings[name]]);
  return { id, createdAtMs, settings: Object.fromEntries(changed) };
}

/**
 * Returns the namespace that a control document defines. Settings it does not name are those of `base`.
 *
 * @throws OperatingError SETTING_OUT_OF_RANGE if somebody edited it by hand
 */
export function definitionOf(
  document: ControlDocument,
  base: NamespaceSettings,
  durable: boolean,
): NamespaceDefinition {
  const { id, createdAtMs, settings } = document.body;
  return {
    id: id as NamespaceId,
    name: document.name,
    settings: changedSettings(base, settings as Partial<NamespaceSettings>),
    version: document.version,
    createdAtMs: createdAtMs as number,
    managedByFile: false,
    durable,
  };
}
