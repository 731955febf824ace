import { AdminServiceService } from '../gen/reprise/v1/admin_service.ts';
import type { Namespace } from '../gen/reprise/v1/namespace.ts';
import type { Connection } from './connection.ts';

/** Returns all namespaces of a server by name, page by page. Throws a CallError. */
export async function listNamespaces(connection: Connection): Promise<Namespace[]> {
  const found: Namespace[] = [];
  let pageToken = '';
  do {
    const page = await connection.call(AdminServiceService.listNamespaces, { pageToken });
    found.push(...page.namespaces);
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return found;
}
