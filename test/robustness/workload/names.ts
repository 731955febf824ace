/** Few keys, so that changes meet; some nest. */
export const KEYS = ['a', 'b', 'c:1', 'c:2', 'c:d/1', 'c:d/2', 'c:d/e:1', 'f/1', 'f/2', 'g:h:1', 'g:h:2'] as const;

/** Scope prefixes of the keys, and one of none. */
export const PREFIXES = ['c:', 'c:d/', 'c:d/e:', 'f/', 'g:', 'g:h:', 'nobody:'] as const;

/** Tags of entries. */
export const TAGS = ['red', 'green', 'blue', 'grey'] as const;

/** What callers call themselves. */
export const ORIGINS = ['one', 'two', 'three'] as const;

/** Namespaces with traffic. */
export const NAMESPACES = ['default', 'other'] as const;
