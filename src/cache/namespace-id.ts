import type { Random } from '../base/random.ts';
import type { ControlDocument, ControlDocuments } from '../store/control-documents.ts';
import type { NamespaceId } from '../store/store.ts';
import { NAMESPACE_KIND } from './namespace-document.ts';

/** The kind of control document that keeps the id of a namespace that nobody creates: the file's, and `default`. */
export const NAMESPACE_ID_KIND = 'namespace-id';

/** Returns a new random id. */
export function newNamespaceId(random: Random): NamespaceId {
  return random.bytes(8).toString('hex') as NamespaceId;
}

/**
 * Returns the id of a namespace that nobody creates: the same on every node and after every restart, since whoever is
 * first keeps it for all. An administrator's namespace of that name has left its own, and its entries with it.
 *
 * @throws OperatingError STATE_UNAVAILABLE, QUOTA_EXCEEDED
 */
export async function settledNamespaceId(
  documents: ControlDocuments,
  random: Random,
  name: string,
): Promise<NamespaceId> {
  const defined = await documents.get(NAMESPACE_KIND, name);
  const kept = defined ?? (await documents.get(NAMESPACE_ID_KIND, name));
  if (kept !== undefined) return idIn(kept);
  const body = { id: newNamespaceId(random) };
  const result = await documents.put({ kind: NAMESPACE_ID_KIND, name, expectedVersion: 0, body });
  // Another node was faster: its id is everybody's.
  return result.kind === 'put' ? body.id : idIn(result.current!);
}

function idIn({ body }: ControlDocument): NamespaceId {
  return body['id'] as NamespaceId;
}
