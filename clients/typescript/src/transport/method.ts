/** A method of the contract, as ts-proto generates it. */
export interface Method<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => Request;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

const NOTHING = Buffer.alloc(0);

/** Returns a request whose other fields have the contract's defaults. */
export function complete<Request>(
  method: Pick<Method<Request, unknown>, 'requestDeserialize'>,
  request: Partial<Request>,
): Request {
  return { ...method.requestDeserialize(NOTHING), ...request };
}
