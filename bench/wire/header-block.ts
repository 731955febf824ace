/** Fields of HPACK's static table (RFC 7541, appendix A): whole ones, and names for literals without indexing. */
const indexed = { methodPost: 0x83, schemeHttp: 0x86 } as const;
const indexedName = { authority: [0x01], path: [0x04], contentType: [0x0f, 0x10] } as const;
const NEW_NAME = 0x00;

/** Returns the header block of a gRPC call, the same for each call: nothing is put into the dynamic table. */
export function headerBlock(authority: string, path: string): Buffer {
  return Buffer.concat([
    Buffer.of(indexed.methodPost, indexed.schemeHttp),
    Buffer.of(...indexedName.authority),
    text(authority),
    Buffer.of(...indexedName.path),
    text(path),
    Buffer.of(...indexedName.contentType),
    text('application/grpc'),
    Buffer.of(NEW_NAME),
    text('te'),
    text('trailers'),
  ]);
}

/** Texts here are shorter than 127 bytes: the length takes one byte. */
function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  if (bytes.length >= 0x7f) throw new RangeError(`${value} is too long for a header here`);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
