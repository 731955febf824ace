// Goal: clients without proto files can find and call everything, and those with them need nothing else. Method: the
// reflection protocol by hand, its descriptors built strictly; a client that proto-loader makes from the files.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { create, createFileRegistry, type FileRegistry, fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import {
  credentials,
  type GrpcObject,
  loadPackageDefinition,
  type ServiceClientConstructor,
  status,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { askReflection, reflectionVersions } from '../support/reflection-calls.ts';
import { startTestServer, type TestServer } from '../support/test-server.ts';

const OURS = [
  'grpc.health.v1.Health',
  'reprise.v1.AdminService',
  'reprise.v1.CacheService',
  'reprise.v1.InvalidationService',
];

type Version = (typeof reflectionVersions)[number];

/** Collects a symbol's file and all that it imports, as grpcurl does. */
async function filesFor(
  server: TestServer,
  version: Version,
  symbol: string,
): Promise<Map<string, FileDescriptorProto>> {
  const files = new Map<string, FileDescriptorProto>();
  const take = (bytes: readonly Uint8Array[]): void => {
    for (const file of bytes.map((each) => fromBinary(FileDescriptorProtoSchema, each))) files.set(file.name, file);
  };
  take((await askReflection(server.client, version, 'fileContainingSymbol', symbol)).files);
  for (;;) {
    const missing = [...files.values()].flatMap((file) => file.dependency).find((name) => !files.has(name));
    if (missing === undefined) return files;
    take((await askReflection(server.client, version, 'fileByFilename', missing)).files);
    assert.ok(files.has(missing), `${missing} is imported, so it can be asked for`);
  }
}

/** Throws if a type or an import can't be resolved. */
function strictRegistry(files: Map<string, FileDescriptorProto>): FileRegistry {
  return createFileRegistry(create(FileDescriptorSetSchema, { file: inImportOrder(files) }));
}

function inImportOrder(files: Map<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>();
  const visit = (file: FileDescriptorProto): void => {
    for (const name of file.dependency) visit(files.get(name)!);
    ordered.add(file);
  };
  for (const file of files.values()) visit(file);
  return [...ordered];
}

for (const version of reflectionVersions) {
  test(`reflection ${version} lists every service`, async () => {
    await using server = await startTestServer();
    const { services } = await askReflection(server.client, version, 'listServices', '');
    assert.deepEqual(services.filter((name) => !name.startsWith('grpc.reflection.')).toSorted(), OURS);
  });

  for (const service of OURS) {
    test(`reflection ${version} gives ${service} with all that it imports`, async () => {
      await using server = await startTestServer();
      const registry = strictRegistry(await filesFor(server, version, service));
      const methods = registry.getService(service)?.methods ?? [];
      assert.ok(methods.length > 0);
      for (const { input, output } of methods) assert.ok(input.typeName !== '' && output.typeName !== '');
    });
  }

  test(`reflection ${version} says NOT_FOUND to what there is not`, async () => {
    await using server = await startTestServer();
    const symbol = await askReflection(server.client, version, 'fileContainingSymbol', 'reprise.v1.Nothing');
    const file = await askReflection(server.client, version, 'fileByFilename', 'nothing.proto');
    assert.deepEqual([symbol.errorCode, file.errorCode], [status.NOT_FOUND, status.NOT_FOUND]);
  });
}

test('reflection finds messages and methods, not only services', async () => {
  await using server = await startTestServer();
  for (const symbol of [
    'reprise.v1.Hit',
    'reprise.v1.CacheService.Get',
    'reprise.v1.MissReason',
    'google.rpc.Status',
  ]) {
    const { files, errorCode } = await askReflection(server.client, 'v1', 'fileContainingSymbol', symbol);
    assert.deepEqual([files.length > 0, errorCode], [true, 0], symbol);
  }
});

test('the error details that calls carry can be looked up', async () => {
  await using server = await startTestServer();
  for (const symbol of [
    'google.rpc.ErrorInfo',
    'google.rpc.RetryInfo',
    'google.rpc.BadRequest',
    'google.rpc.QuotaFailure',
  ]) {
    const registry = strictRegistry(await filesFor(server, 'v1', symbol));
    assert.notEqual(registry.getMessage(symbol), undefined, symbol);
  }
});

interface LooseAnswer {
  readonly result?: string;
  readonly stored?: { readonly revision: string };
  readonly hit?: { readonly value: Buffer; readonly revision: string };
}

test('a client that proto-loader makes from the proto files sets and gets', async () => {
  await using server = await startTestServer();
  const loaded = loadSync(['reprise/v1/cache_service.proto'], {
    includeDirs: [fileURLToPath(new URL('../../proto', import.meta.url))],
    oneofs: true,
  });
  const root = loadPackageDefinition(loaded)['reprise'] as GrpcObject;
  const CacheService = (root['v1'] as GrpcObject)['CacheService'] as ServiceClientConstructor;
  const client = new CacheService(server.address, credentials.createInsecure());
  const ask = (method: string, request: object): Promise<LooseAnswer> =>
    new Promise((resolve, reject) => {
      const done = (error: Error | null, answer: LooseAnswer): void => (error ? reject(error) : resolve(answer));
      client[method]?.call(client, request, done);
    });
  const set = await ask('Set', { key: 'k', value: Buffer.from('v') });
  const get = await ask('Get', { key: 'k' });
  client.close();
  assert.deepEqual([set.result, get.result], ['stored', 'hit']);
  assert.equal(get.hit?.revision, set.stored?.revision);
  assert.equal(get.hit?.value.toString(), 'v');
});
