import assert from 'node:assert/strict';

const LENGTH_BYTES = 2;
const TEXT_BYTES_MAX = 65_535;

/** Packs texts one after the other, each as its length in 2 bytes and itself in UTF-8, of at most 65 535 bytes. */
export function packTexts(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text, 'utf8'));
  const bytes = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, 0));
  let at = 0;
  for (const [i, text] of texts.entries()) {
    assert(lengths[i]! <= TEXT_BYTES_MAX, 'a packed text has at most 65 535 bytes');
    at = bytes.writeUInt16BE(lengths[i]!, at);
    at += bytes.write(text, at, 'utf8');
  }
  return bytes;
}

/** Reads packed texts one by one. */
export class TextReader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Where the next one begins. */
  get at(): number {
    return this.#at;
  }

  /** The next byte. */
  byte(): number {
    return this.#bytes.readUInt8(this.#at++);
  }

  /** The next text. */
  text(): string {
    const from = this.#at + LENGTH_BYTES;
    this.#at = from + this.#bytes.readUInt16BE(this.#at);
    if (this.#at > this.#bytes.length) throw new RangeError('a packed text ends early');
    return this.#bytes.toString('utf8', from, this.#at);
  }

  /** All texts that begin before `end`. */
  textsTo(end: number): string[] {
    const texts: string[] = [];
    while (this.#at < end) texts.push(this.text());
    return texts;
  }
}
