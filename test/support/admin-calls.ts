import { AdminServiceService } from '../../src/gen/reprise/v1/admin_service.ts';
import { type Namespace, NamespaceSettings } from '../../src/gen/reprise/v1/namespace.ts';
import type { TestServer } from './test-server.ts';

/** Returns settings in which only those given are present. */
export function settingsOf(given: Partial<NamespaceSettings>): NamespaceSettings {
  return { ...NamespaceSettings.decode(Buffer.alloc(0)), ...given };
}

/** Creates a namespace. */
export async function createNamespace(
  server: Pick<TestServer, 'call'>,
  name: string,
  settings: Partial<NamespaceSettings> = {},
): Promise<Namespace> {
  const request = { name, settings: settingsOf(settings) };
  return (await server.call(AdminServiceService.createNamespace, request)).namespace!;
}

/** Reads a namespace. */
export async function getNamespace(server: Pick<TestServer, 'call'>, name: string): Promise<Namespace> {
  return (await server.call(AdminServiceService.getNamespace, { name })).namespace!;
}
