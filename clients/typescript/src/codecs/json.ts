import type { Codec } from './codec.ts';
import { isPlain, refuse } from './plain.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * JSON in UTF-8, without spaces. Refuses what JSON would silently turn into something else: numbers that are not finite,
 * functions, symbols, bigints, bytes, and objects that are neither plain nor have a `toJSON`, such as Map. A property that
 * is `undefined` is left out, which reads alike; `undefined` elsewhere is refused.
 */
export const jsonCodec: Codec = {
  contentType: 'application/json',
  detaches: true,
  encode: (value) => encoder.encode(JSON.stringify(value, checked) ?? refuse(value)),
  decode: (bytes) => JSON.parse(decoder.decode(bytes)),
};

// `holder[name]` is the value before its `toJSON`: a Buffer has one, which makes a list of numbers of it.
function checked(this: unknown, name: string, value: unknown): unknown {
  const holder = this as Record<string, unknown>;
  if (holder[name] instanceof Uint8Array) refuse(holder[name]);
  if (value === undefined && !Array.isArray(holder)) return undefined;
  return isJson(value) ? value : refuse(value);
}

function isJson(value: unknown): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      return value === null || Array.isArray(value) || isPlain(value);
    default:
      return false;
  }
}
