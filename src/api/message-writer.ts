import type { Position } from '../cache/rules/position.ts';

const HYPHEN = 0x2d;
const INITIAL_BYTES = 4096;
/** A scratch buffer that grew beyond this is given back: one large batch must not keep megabytes for ever. */
const KEPT_BYTES_MAX = 1024 * 1024;

/**
 * Writes protobuf messages into one scratch buffer that is used again and again. For the answers of the hot path alone:
 * ts-proto's writer takes a fresh buffer a message and 64-bit numbers as BigInt. Plain form: `Message.encode(m).finish()`,
 * which takes 2.9 µs for a Get's hit of 100 bytes where this takes 0.3 µs.
 *
 * Not reentrant: write one message to its end, then take it.
 */
export class MessageWriter {
  #bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  #at = 0;

  /** Returns a copy of what was written, and begins anew. */
  take(): Buffer {
    const message = Buffer.allocUnsafe(this.#at);
    this.#bytes.copy(message, 0, 0, this.#at);
    this.#at = 0;
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = Buffer.allocUnsafe(INITIAL_BYTES);
    return message;
  }

  /** Forgets what was written, and returns how many bytes it was. */
  drop(): number {
    const length = this.#at;
    this.#at = 0;
    return length;
  }

  /** Makes room for `count` more bytes. The methods below write without a check: make room for all of a message first. */
  reserve(count: number): void {
    const needed = this.#at + count;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  /** Writes a byte: a tag of a field up to 15, or a small number. */
  byte(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  /** Writes a whole number, not negative and at most 2^53 - 1, as a varint of at most 8 bytes. */
  varint(value: number): void {
    let rest = value;
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#at++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#at++] = rest;
  }

  /** Writes a field of bytes: 6 more than it has. */
  bytes(tag: number, value: Uint8Array): void {
    this.byte(tag);
    this.varint(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Writes a field of text: at most 6 more than three times its length. */
  string(tag: number, value: string): void {
    this.byte(tag);
    if (value.length < 0x80 && this.#asciiWritten(value)) return;
    this.varint(Buffer.byteLength(value));
    this.#at += this.#bytes.write(value, this.#at, 'utf8');
  }

  /** Short ASCII, character by character: a third of the time of a call into the runtime. False if it is not ASCII. */
  #asciiWritten(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 1;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 0x7f) return false;
      bytes[start + i] = code;
    }
    bytes[this.#at] = value.length;
    this.#at = start + value.length;
    return true;
  }

  /** Writes a field of text that is a position's revision, without making the text. Plain form: `revisionOf`. */
  revision(tag: number, { epoch, number }: Position): void {
    const digits = String(number);
    this.byte(tag);
    this.byte(epoch.length + 1 + digits.length);
    this.#ascii(epoch);
    this.byte(HYPHEN);
    this.#ascii(digits);
  }

  #ascii(text: string): void {
    const bytes = this.#bytes;
    const start = this.#at;
    for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
    this.#at = start + text.length;
  }

  /** Begins a nested message; `likelyBytes` decides how much room its length gets. Returns what `end` needs. */
  begin(tag: number, likelyBytes: number): number {
    this.byte(tag);
    this.#at += varintBytes(likelyBytes);
    return this.#at;
  }

  /** Ends the nested message that `begin` began, with the same `likelyBytes`. Takes up to 6 bytes. */
  end(start: number, likelyBytes: number): void {
    const length = this.#at - start;
    const lengthAt = start - varintBytes(likelyBytes);
    const shift = lengthAt + varintBytes(length) - start;
    if (shift !== 0) this.#bytes.copyWithin(start + shift, start, this.#at);
    this.#at = lengthAt;
    this.varint(length);
    this.#at += length;
  }
}

function varintBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}
