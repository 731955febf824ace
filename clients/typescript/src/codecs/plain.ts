/** True for an object that is only its own properties: `{…}`, also of another realm, or without a prototype. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Refuses a value that a format has nothing for. */
export function refuse(value: unknown): never {
  throw new TypeError(`there is no form for ${typeof value === 'object' ? 'an object of its class' : typeof value}`);
}
