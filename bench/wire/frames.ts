/** Types of HTTP/2 frames that are spoken here (RFC 9113 § 6). */
export const frameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const;

/** Their flags. What ends a stream acknowledges settings and pings. */
export const frameFlag = { endStream: 1, ack: 1, endHeaders: 4 } as const;

/** A frame as it arrived. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  /** Shares memory with the chunk that it came in. */
  readonly payload: Buffer;
}

const HEADER_BYTES = 9;
const NOTHING = Buffer.alloc(0);

/** Returns the bytes of a frame. */
export function frameOf(type: number, flags: number, streamId: number, payload: Uint8Array = NOTHING): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes.writeUIntBE(payload.length, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(streamId, 5);
  bytes.set(payload, HEADER_BYTES);
  return bytes;
}

/** Returns a frame that lets the peer send so many bytes more: on a stream, or with id 0 on the connection. */
export function windowUpdate(streamId: number, bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return frameOf(frameType.windowUpdate, 0, streamId, payload);
}

/** Cuts what a connection receives into frames. */
export class FrameReader {
  #rest: Buffer = NOTHING;

  /** Takes a chunk and gives each frame that is complete. */
  read(chunk: Buffer, onFrame: (frame: Frame) => void): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + HEADER_BYTES + bytes.readUIntBE(at, 3);
      if (end > bytes.length) break;
      const payload = bytes.subarray(at + HEADER_BYTES, end);
      onFrame({ type: bytes[at + 3]!, flags: bytes[at + 4]!, streamId: bytes.readUInt32BE(at + 5), payload });
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}
