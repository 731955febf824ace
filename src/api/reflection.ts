import { readFileSync } from 'node:fs';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { ServiceHost } from './open-streams.ts';

const DESCRIPTORS = new URL('../gen/descriptors.binpb', import.meta.url);

const TESTING_FILES = 'reprise/testing/';

/**
 * Adds reflection v1 and v1alpha, so that grpcurl needs no proto files: it reads them, comments included, from the
 * server. TestService is shown only where it is served.
 *
 * Deliberate: the descriptors are those that buf compiled. proto-loader can only give what protobufjs makes of the
 * files, without their imports and with map entries that strict clients refuse.
 */
export function addReflection(host: ServiceHost, testing: boolean): void {
  const all = filesIn(readFileSync(DESCRIPTORS));
  const files = testing ? all : all.filter((file) => !nameOf(file).startsWith(TESTING_FILES));
  // The library looks at nothing but the descriptors of a package definition.
  const definition = { fileDescriptorProtos: files } as unknown as ServiceDefinition;
  // Nor does it call anything of a server but `addService`.
  new ReflectionService({ reprise: definition }).addToServer(host as Server);
}

type ServiceDefinition = ConstructorParameters<typeof ReflectionService>[0][string];

/** Returns the files of a FileDescriptorSet: its only field, number 1. */
function filesIn(descriptorSet: Uint8Array): Buffer[] {
  const reader = new BinaryReader(descriptorSet);
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.tag();
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}

/** Returns the name of a FileDescriptorProto: its first field, number 1. */
function nameOf(file: Uint8Array): string {
  const reader = new BinaryReader(file);
  reader.tag();
  return reader.string();
}
