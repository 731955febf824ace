/** What reads get while the store that the nodes share can't be asked: an error, a miss, or what memory holds. */
export const readFallbacks = ['error', 'miss', 'stale'] as const;

/** One of `readFallbacks`. */
export type ReadFallback = (typeof readFallbacks)[number];

/** What a plain Set does meanwhile: it is refused, or kept in this node's memory alone. */
export const writeFallbacks = ['refuse', 'local'] as const;

/** One of `writeFallbacks`. */
export type WriteFallback = (typeof writeFallbacks)[number];

/** What applies where a namespace says nothing. */
export const defaultFallbacks = { read: 'error', write: 'refuse' } as const;
