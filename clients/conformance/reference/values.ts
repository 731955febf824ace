/** A value as the protocol of the drivers writes it. */
export interface WireValue {
  readonly json?: unknown;
  readonly raw?: string;
  readonly special?: 'nan';
}

/** Bytes and what they are. */
export interface Content {
  readonly value: Buffer;
  readonly contentType: string;
}

/** An error that the driver answers with. */
export class Failure extends Error {
  readonly kind: string;
  readonly code: string;

  constructor(kind: string, reason: string, code = '') {
    super(reason);
    this.kind = kind;
    this.code = code;
  }
}

/** Encodes a value by its codec. */
export function encoded({ json, raw, special }: WireValue): Content {
  if (special !== undefined) throw new Failure('CodecError', 'JSON has no such number');
  if (raw !== undefined) return { value: Buffer.from(raw, 'base64'), contentType: 'application/octet-stream' };
  return { value: Buffer.from(JSON.stringify(json)), contentType: 'application/json' };
}

/** Decodes bytes by their content type; what is unknown is raw where that was asked for. */
export function decoded(value: Buffer, contentType: string, unknownAsRaw: boolean): WireValue {
  if (contentType === 'application/json') return { json: parsed(value) };
  if (contentType === 'application/octet-stream' || unknownAsRaw) return { raw: value.toString('base64') };
  throw new Failure('CodecError', `unknown content type ${contentType}`);
}

function parsed(value: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(value)) as unknown;
  } catch {
    throw new Failure('CodecError', 'the bytes are not JSON');
  }
}
