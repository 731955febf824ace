const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const DECIMAL = /^-?\d{1,19}$/;

/** Tells whether a number fits into an int64. */
export function isInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX;
}

/** Returns the counter in a value: a decimal int64 in ASCII, without sign `+` or blanks; `undefined` if it is none. */
export function parseCounter(value: Uint8Array): bigint | undefined {
  if (value.length > 20) return undefined;
  const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString('latin1');
  if (!DECIMAL.test(text)) return undefined;
  const counter = BigInt(text);
  return isInt64(counter) ? counter : undefined;
}

/** Returns a counter as the value that is stored. */
export function formatCounter(counter: bigint): Uint8Array {
  return Buffer.from(counter.toString(), 'latin1');
}
