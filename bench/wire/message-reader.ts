const PREFIX_BYTES = 5;

/** Cuts what a gRPC stream receives into messages. */
export class MessageReader {
  #rest: Buffer | undefined;

  /** Takes the payload of a DATA frame and gives each message that is complete; it shares memory with the payload. */
  read(payload: Buffer, onMessage: (message: Buffer) => void): void {
    const bytes = this.#rest === undefined ? payload : Buffer.concat([this.#rest, payload]);
    let at = 0;
    while (at + PREFIX_BYTES <= bytes.length) {
      const end = at + PREFIX_BYTES + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      onMessage(bytes.subarray(at + PREFIX_BYTES, end));
      at = end;
    }
    // A copy: the rest of a chunk would keep all of it in memory.
    this.#rest = at === bytes.length ? undefined : Buffer.from(bytes.subarray(at));
  }
}
