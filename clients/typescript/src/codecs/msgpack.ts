import { decode, encode } from '@msgpack/msgpack';
import type { Codec } from './codec.ts';
import { isPlain, refuse } from './plain.ts';

/**
 * MessagePack: what JSON has, and bytes (Uint8Array), Date, NaN and infinities. Whole numbers are written as such. Those
 * that a number can't hold exactly come back as bigint; a bigint is not written. Other classes are refused.
 */
export const msgpackCodec: Codec = {
  contentType: 'application/msgpack',
  encode: (value) => encode(checked(value), { ignoreUndefined: true }),
  decode: (bytes) => withNumbers(decode(bytes, { useBigInt64: true })),
};

function checked(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
      return value;
    case 'object':
      checkObject(value);
      return value;
    default:
      return refuse(value);
  }
}

function checkObject(value: object | null): void {
  if (value === null || value instanceof Uint8Array || value instanceof Date) return;
  if (Array.isArray(value)) {
    for (const item of value) checked(item);
    return;
  }
  if (!isPlain(value)) refuse(value);
  for (const item of Object.values(value)) if (item !== undefined) checked(item);
}

// The decoder makes a bigint of every 64 bit number, or a wrong number of a large one: here only large ones stay bigint.
function withNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') return isSafe(value) ? Number(value) : value;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const holder = value as Record<string, unknown>;
  for (const [name, item] of Object.entries(holder)) {
    if (typeof item === 'bigint' || typeof item === 'object') holder[name] = withNumbers(item);
  }
  return value;
}

function isSafe(value: bigint): boolean {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
}
