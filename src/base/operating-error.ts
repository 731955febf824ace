import type { ErrorReason } from '../gen/reprise/v1/error_reason.ts';

/** The name of a reason, as `google.rpc.ErrorInfo.reason` carries it. */
export type ReasonName = Exclude<keyof typeof ErrorReason, 'UNSPECIFIED'>;

/** What an operating error tells beside its reason. */
export interface ErrorDetail {
  /** Facts for `ErrorInfo.metadata`; never keys, values or hosts. */
  readonly metadata?: Readonly<Record<string, string | number>>;
  /** The request field that is wrong, as a path of proto names. */
  readonly field?: string;
  /** When a retry makes sense. */
  readonly retryAfterMs?: number;
  /** Which quota was exceeded. */
  readonly quotaSubject?: string;
  /** What went wrong underneath. Only for the log. */
  readonly cause?: unknown;
}

/**
 * Something that can happen in a well-built system: the caller is told the reason and what to do. Anything else that is
 * thrown is a bug.
 */
export class OperatingError extends Error {
  readonly reason: ReasonName;
  readonly detail: ErrorDetail;

  constructor(reason: ReasonName, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'OperatingError';
    this.reason = reason;
    this.detail = detail;
  }
}
