/** Waits until something holds, at most 30 s. `what` says in the failure what was awaited. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, withinMs = 30_000): Promise<void> {
  const giveUpMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > giveUpMs) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Waits for a promise, at most 30 s. */
export async function within<T>(promise: Promise<T>, what: string, withinMs = 30_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}.`)), withinMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
