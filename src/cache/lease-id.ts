import type { Epoch, Position } from './rules/position.ts';

/** A lease id as callers carry it: the store's id, and the control position below which the lease is void. */
export interface LeaseId {
  readonly storeId: string;
  readonly stamp: Position;
}

/** Returns the text of a lease id. Not sealed: the store itself decides with the stamp that it remembers. */
export function formatLeaseId({ storeId, stamp }: LeaseId): string {
  return `${storeId}~${stamp.epoch}-${stamp.number}`;
}

const FORM = /^([^~]{1,64})~([0-9a-f]{16})-(\d{1,15})$/;

/** Returns the lease id in a text, or `undefined` if there is none: such a lease was never given. */
export function parseLeaseId(text: string): LeaseId | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  return { storeId: match[1]!, stamp: { epoch: match[2] as Epoch, number: Number(match[3]) } };
}
