import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Client } from '@grpc/grpc-js';

/** The versions of the reflection service. */
export const reflectionVersions = ['v1', 'v1alpha'] as const;

/** A question: its field in ServerReflectionRequest, which is the same in both versions. */
const QUESTIONS = { fileByFilename: 3, fileContainingSymbol: 4, listServices: 7 } as const;

/** What reflection answered. */
export interface ReflectionAnswer {
  /** Serialised FileDescriptorProtos. */
  readonly files: readonly Uint8Array[];
  readonly services: readonly string[];
  /** gRPC code of an error; 0 if there was none. */
  readonly errorCode: number;
}

/** Asks one question. Made by hand from the wire format, so that no other descriptors than the server's are used. */
export async function askReflection(
  client: Client,
  version: (typeof reflectionVersions)[number],
  question: keyof typeof QUESTIONS,
  text: string,
): Promise<ReflectionAnswer> {
  const asIs = (bytes: Buffer): Buffer => bytes;
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const call = client.makeBidiStreamRequest<Buffer, Buffer>(path, asIs, asIs);
  const request = new BinaryWriter().tag(QUESTIONS[question], WireType.LengthDelimited).string(text).finish();
  call.write(Buffer.from(request));
  call.end();
  let answer: ReflectionAnswer | undefined;
  for await (const bytes of call) answer = answerIn(bytes as Buffer);
  if (answer === undefined) throw new Error('reflection gave no answer');
  return answer;
}

function answerIn(bytes: Uint8Array): ReflectionAnswer {
  const response = fieldsOf(bytes);
  const error = response.get(7)?.[0];
  return {
    files: response.get(4)?.flatMap((found) => fieldsOf(found).get(1) ?? []) ?? [],
    services: response.get(6)?.flatMap((list) => (fieldsOf(list).get(1) ?? []).map(nameOf)) ?? [],
    errorCode: error === undefined ? 0 : new BinaryReader(error.subarray(1)).int32(),
  };
}

function nameOf(service: Uint8Array): string {
  return Buffer.from(fieldsOf(service).get(1)![0]!).toString();
}

/** Returns the length-delimited fields of a message by number. */
function fieldsOf(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, Uint8Array[]>();
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (wireType !== WireType.LengthDelimited) reader.skip(wireType);
    else fields.set(number, [...(fields.get(number) ?? []), reader.bytes()]);
  }
  return fields;
}
