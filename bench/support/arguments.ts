import { type ParseArgsConfig, parseArgs } from 'node:util';

/** A command line that can't be understood. The message tells what is allowed. */
export class ArgumentError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ArgumentError';
  }
}

/** Reads `--name value` options, all of them text. Throws ArgumentError for anything else. */
export function readArguments<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const options: ParseArgsConfig['options'] = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  try {
    return parseArgs({ args: [...args], options, strict: true }).values as Partial<Record<Name, string>>;
  } catch (error) {
    const allowed = names.map((name) => `--${name}`).join(' ');
    throw new ArgumentError(`${error instanceof Error ? error.message : String(error)}\nAllowed: ${allowed}`);
  }
}

/** Reads a whole number of at least `min`; `fallback` if it is absent. Throws ArgumentError. */
export function readInteger<T>(name: string, text: string | undefined, fallback: T, min = 1): number | T {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < min) throw new ArgumentError(`--${name} must be a number from ${min}`);
  return value;
}
