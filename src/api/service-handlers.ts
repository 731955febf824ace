import type { StreamHandler } from './server-stream.ts';
import type { UnaryHandler } from './unary.ts';

/** A handler for every method of a generated service definition, typed by its messages. */
export type ServiceHandlers<Definition> = {
  readonly [Method in keyof Definition]: Definition[Method] extends {
    responseStream: infer IsStream;
    requestDeserialize: (bytes: Buffer) => infer Request;
    responseSerialize: (message: infer Response) => Buffer;
  }
    ? IsStream extends true
      ? StreamHandler<Request>
      : UnaryHandler<Request, Response>
    : never;
};
