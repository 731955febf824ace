import { isUtf8 } from 'node:buffer';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { deserialize, MethodDefinition, serialize } from '@grpc/grpc-js';
import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';

/** What ts-proto generates for a method. */
export interface GeneratedMethod {
  readonly path: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly requestSerialize: unknown;
  readonly requestDeserialize: unknown;
  readonly responseSerialize: unknown;
  readonly responseDeserialize: unknown;
}

/** A request as it arrived: the message, or why its bytes are none. */
export type Received<Request> = Request | OperatingError;

/**
 * Returns a deserializer that never throws: grpc-js would answer INTERNAL, and the caller would not learn that its own
 * bytes are wrong.
 */
export function receiving<Request>(decode: deserialize<Request>): deserialize<Received<Request>> {
  return (bytes) => {
    if (bytes.length > limits.messageBytesMax) return tooLarge(bytes.length);
    try {
      // Deliberate cast: generated decoders take a reader as well as bytes, and only a reader can be strict.
      return decode(new BinaryReader(bytes, strictUtf8) as unknown as Buffer);
    } catch (cause) {
      return new OperatingError('MALFORMED_MESSAGE', "The request's bytes are not this method's message.", { cause });
    }
  };
}

/** Returns a serializer that sends an answer as it is when the handler has encoded it already. */
function sending(encode: serialize<unknown>): serialize<unknown> {
  return (answer) => (answer instanceof Buffer ? answer : encode(answer));
}

/** Says why the next call of a method such as `/reprise.v1.CacheService/Get` is refused; undefined if it is not. */
export type Refuse = (path: string) => (() => OperatingError | undefined) | undefined;

/** Returns a deserializer that refuses before it decodes: what is refused should cost as little as can be. */
function admitting<Request>(decode: deserialize<Request>, refuse: ReturnType<Refuse>): deserialize<Received<Request>> {
  const receive = receiving(decode);
  return refuse === undefined ? receive : (bytes) => refuse() ?? receive(bytes);
}

/**
 * Returns a generated service definition for the one request path: refused or decoded without throwing; bytes are sent
 * as they are.
 */
export function receivingDefinition(
  definition: Readonly<Record<string, GeneratedMethod>>,
  refuse: Refuse,
): Record<string, MethodDefinition<unknown, unknown>> {
  return Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      {
        path: method.path,
        requestStream: method.requestStream,
        responseStream: method.responseStream,
        requestSerialize: method.requestSerialize as serialize<unknown>,
        requestDeserialize: admitting(method.requestDeserialize as deserialize<unknown>, refuse(method.path)),
        responseSerialize: sending(method.responseSerialize as serialize<unknown>),
        responseDeserialize: method.responseDeserialize as deserialize<unknown>,
      },
    ]),
  );
}

/** Refuses text that is not UTF-8: replaced characters would make different keys one. */
function strictUtf8(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new TypeError('text that is not UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

function tooLarge(messageBytes: number): OperatingError {
  const { messageBytesMax } = limits;
  const message = `The message has ${messageBytes} bytes; ${messageBytesMax} are allowed.`;
  return new OperatingError('MESSAGE_TOO_LARGE', message, { metadata: { messageBytes, messageBytesMax } });
}
