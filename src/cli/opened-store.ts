import type { ServerParts } from '../server/server-parts.ts';

/** What a server runs on, opened: alone or as a node of a fleet. */
export type OpenedStore = Pick<
  ServerParts,
  'store' | 'documents' | 'expireDue' | 'swept' | 'availability' | 'deferring' | 'audit' | 'checks'
>;

/** Entries that one turn of the expiry may remove: a bound on how long it keeps calls waiting. */
export const EXPIRE_WORK_MAX = 10_000;
