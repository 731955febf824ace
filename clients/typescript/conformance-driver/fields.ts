/** The fields of a command or an answer. */
export type Fields = Readonly<Record<string, unknown>>;

/** Returns the named fields of a command that are there: an option that is absent is not given to the client. */
export function given(command: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(names.filter((name) => command[name] !== undefined).map((name) => [name, command[name]]));
}

/** Returns a field that must be there. */
export function text(command: Fields, name: string): string {
  return command[name] as string;
}

/** Returns the value that a command stands for. */
export function valueIn(field: unknown): unknown {
  const value = field as Fields;
  if ('raw' in value) return new Uint8Array(Buffer.from(value['raw'] as string, 'base64'));
  return 'special' in value ? Number.NaN : value['json'];
}

/** Returns how an answer writes a value. */
export function fieldOf(value: unknown): Fields {
  return value instanceof Uint8Array ? { raw: Buffer.from(value).toString('base64') } : { json: value };
}
