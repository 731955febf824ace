/** Returns the name of a generated enum's value; its number as text if it was added later than this code. */
export function enumName(values: Readonly<Record<string, number>>, value: number): string {
  return Object.keys(values).find((name) => values[name] === value) ?? String(value);
}
