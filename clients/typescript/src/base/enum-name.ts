/** The name of a value of an enum of the contract: `enumName(MissReason, 1)` is `'UNKNOWN'`. A newer one: `'UNSPECIFIED'`. */
export function enumName<E extends Record<string, number>>(names: E, value: number): Extract<keyof E, string> {
  for (const [name, number] of Object.entries(names)) {
    if (number === value) return name as Extract<keyof E, string>;
  }
  return 'UNSPECIFIED' as Extract<keyof E, string>;
}
