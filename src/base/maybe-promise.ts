/** A value that may be here already. Stores in memory answer at once; stores over a network answer later. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * Returns `next(value)`, at once if the value is here. Plain form: `await value`; this one spares the hot path
 * two promises and a trip through the microtask queue when the store is in memory.
 */
export function whenReady<T, R>(value: MaybePromise<T>, next: (value: T) => MaybePromise<R>): MaybePromise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
