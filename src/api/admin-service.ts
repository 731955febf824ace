import { examine } from '../admin/doctor.ts';
import { defaults, limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Namespace } from '../cache/namespace.ts';
import type { AdminServiceService } from '../gen/reprise/v1/admin_service.ts';
import type { Namespace as NamespaceMessage } from '../gen/reprise/v1/namespace.ts';
import type { Store } from '../store/store.ts';
import { doctorMessage } from './doctor-message.ts';
import { timestampOf } from './durations.ts';
import { changesOf, settingsMessageOf } from './namespace-messages.ts';
import { statsOf } from './namespace-stats.ts';
import { required } from './request-fields.ts';
import type { ServiceHandlers } from './service-handlers.ts';
import type { ServiceParts } from './service-parts.ts';

/** Returns the handlers of AdminService. What they change is logged. */
export function adminService(parts: ServiceParts): ServiceHandlers<typeof AdminServiceService> {
  const { namespaces, store, log } = parts;
  return {
    createNamespace: async ({ name, settings }) => {
      const namespace = await namespaces.create(name, changesOf(settings));
      log.write('namespaceCreated', { namespace: name, version: namespace.version });
      return { namespace: await messageOf(store, namespace) };
    },
    getNamespace: async ({ name }) => ({ namespace: await messageOf(store, namespaces.named(nameField(name))) }),
    listNamespaces: async ({ pageSize, pageToken }) => {
      const page = pageOf(namespaces.all(), pageSize, pageToken);
      const messages = page.items.map((namespace) => messageOf(store, namespace));
      return { namespaces: await Promise.all(messages), nextPageToken: page.nextPageToken };
    },
    updateNamespace: async ({ name, settings, expectedVersion }) => {
      const namespace = await namespaces.update(nameField(name), changesOf(settings), versionOf(expectedVersion));
      log.write('namespaceUpdated', { namespace: name, version: namespace.version });
      return { namespace: await messageOf(store, namespace) };
    },
    deleteNamespace: async ({ name, expectedVersion }) => {
      const { id, durable } = await namespaces.delete(nameField(name), versionOf(expectedVersion));
      parts.hub.endNamespace(id);
      log.write('namespaceDeleted', { namespace: name });
      return { durable };
    },
    getStats: async (request) => {
      const namespace = namespaces.named(request.namespace);
      return statsOf(namespace, await store.usage(namespace.id), parts.clock);
    },
    doctor: async () => doctorMessage(await examine(parts.checks, parts.clock)),
  };
}

async function messageOf(store: Store, namespace: Namespace): Promise<NamespaceMessage> {
  const { name, settings, version, createdAtMs, managedByFile, durable } = namespace;
  const { entries, weightBytes } = await store.usage(namespace.id);
  return {
    name,
    settings: settingsMessageOf(settings),
    version: BigInt(version),
    createTime: timestampOf(createdAtMs),
    managedByFile,
    durable,
    usage: { entries: BigInt(entries), weightBytes: BigInt(weightBytes) },
  };
}

/** Returns a name if there is one. Deliberate: to administer `default` its name must be said. */
function nameField(name: string): string {
  if (name === '') throw required('name');
  return name;
}

function versionOf(expectedVersion: bigint | undefined): number | undefined {
  return expectedVersion === undefined ? undefined : Number(expectedVersion);
}

/** Returns the namespaces after the one that the page token names: names are stable where places are not. */
function pageOf(
  all: readonly Namespace[],
  pageSize: number,
  pageToken: string,
): { items: readonly Namespace[]; nextPageToken: string } {
  if (pageSize > limits.pageSizeMax) throw pageInvalid(`A page has at most ${limits.pageSizeMax} items.`, 'page_size');
  const after = Buffer.from(pageToken, 'base64url').toString('utf8');
  if (Buffer.from(after).toString('base64url') !== pageToken) {
    throw pageInvalid('This page token was not given by this server.', 'page_token');
  }
  const rest = all.filter(({ name }) => name > after);
  const items = rest.slice(0, pageSize === 0 ? defaults.pageSize : pageSize);
  const more = items.length < rest.length;
  return { items, nextPageToken: more ? Buffer.from(items.at(-1)!.name).toString('base64url') : '' };
}

function pageInvalid(message: string, field: string): OperatingError {
  return new OperatingError('PAGE_INVALID', message, { field });
}
