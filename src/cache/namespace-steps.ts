import type { ControlDocument } from '../store/control-documents.ts';
import type { Namespace } from './namespace.ts';

/** What brings a server from the namespaces it has open to those that the documents define. */
export type NamespaceStep =
  | { readonly kind: 'created' | 'updated'; readonly document: ControlDocument }
  | { readonly kind: 'deleted'; readonly namespace: Namespace };

/**
 * Returns the steps, deletions first, so that they give room. A name whose id is another one was deleted and created
 * again. What the file defines, and what is built in, never leaves.
 */
export function namespaceSteps(
  open: readonly Namespace[],
  documents: readonly ControlDocument[],
  builtIn: string,
): readonly NamespaceStep[] {
  const byName = new Map(open.map((namespace) => [namespace.name, namespace]));
  const defined = new Map(documents.map((document) => [document.name, document]));
  const gone = open.filter(({ name, id, managedByFile }) => {
    if (managedByFile) return false;
    const document = defined.get(name);
    return document === undefined ? name !== builtIn : document.body['id'] !== id;
  });
  const changed = documents.flatMap((document): NamespaceStep[] => {
    const namespace = byName.get(document.name);
    if (namespace === undefined || gone.includes(namespace)) return [{ kind: 'created', document }];
    if (namespace.managedByFile || namespace.version === document.version) return [];
    return [{ kind: 'updated', document }];
  });
  return [...gone.map((namespace) => ({ kind: 'deleted' as const, namespace })), ...changed];
}
