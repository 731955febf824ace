type Fields = Readonly<Record<string, unknown>>;

/**
 * Returns a decoded message as plain data: 64-bit numbers as text, bytes as text, durations in milliseconds, the case of a
 * oneof as a field, maps as objects.
 */
export function plainOf(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  if (Array.isArray(value)) return value.map(plainOf);
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, each]) => [name, plainOf(each)]));
  if (typeof value !== 'object' || value === null) return value;
  return plainFields(value as Fields);
}

function plainFields(value: Fields): unknown {
  const { seconds, nanos } = value;
  if (typeof seconds === 'bigint' && typeof nanos === 'number') return Number(seconds) * 1000 + nanos / 1e6;
  const plain: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    const union = each as { readonly $case?: string; readonly value?: unknown } | undefined;
    if (union?.$case === undefined) plain[name] = plainOf(each);
    else plain[union.$case] = plainOf(union.value);
  }
  return plain;
}

/** Returns a number of milliseconds as a Duration. */
export function durationOf(ms: number): { seconds: bigint; nanos: number } {
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
