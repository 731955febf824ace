import type { RedisFailure } from './redis-failure.ts';

/** What a look at the servers before the start may find. */
export type FindingCode =
  | 'connection'
  | 'version'
  | 'vulnerable'
  | 'eviction'
  | 'role'
  | 'shape'
  | 'rights'
  | 'layout'
  | 'slots'
  | 'primary-name'
  | 'sentinels'
  | 'restart-empties'
  | 'no-replica';

/** Something about the servers that whoever runs them should know. */
export interface Finding {
  /** `refuse`: promises would be broken, so don't start. */
  readonly severity: 'refuse' | 'warn';
  readonly code: FindingCode;
  readonly what: string;
  readonly whatToDo: string;
}

/** A finding that keeps the service from starting. */
export function refusal(code: FindingCode, what: string, whatToDo: string): Finding {
  return { severity: 'refuse', code, what, whatToDo };
}

/** A finding to be told and lived with. */
export function warning(code: FindingCode, what: string, whatToDo: string): Finding {
  return { severity: 'warn', code, what, whatToDo };
}

/** A server that can't be used at all. */
export function notUsable({ what, whatToDo }: RedisFailure): Finding {
  return refusal('connection', what, whatToDo);
}
