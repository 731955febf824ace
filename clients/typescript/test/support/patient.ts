/** Options of a client that waits where a busy machine stands still: for tests that are not about deadlines. */
export const patient = { timeoutMs: 20_000 } as const;
