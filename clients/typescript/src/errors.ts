/** What an error of the client tells. */
export interface Failure {
  /** The gRPC code in capitals, such as `UNAVAILABLE`. Empty where no call was made. */
  readonly code?: string;
  /** The server's reason (ErrorReason without prefix), such as `KEY_TOO_LONG`. Empty where none came. */
  readonly reason?: string;
  /** The facts of the reason, by name. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Milliseconds after which a retry makes sense, if the server said so. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * An error of the client or the server. Branch on the class, or on `reason`; never on the text, which holds no keys and
 * values and may change.
 */
export class RepriseError extends Error {
  /** The gRPC code in capitals. Empty where no call was made. */
  readonly code: string;
  /** The server's reason, without prefix. Empty where none came. */
  readonly reason: string;
  /** The facts of the reason, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Milliseconds after which a retry makes sense, if the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, failure: Failure = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = failure.code ?? '';
    this.reason = failure.reason ?? '';
    this.metadata = failure.metadata ?? {};
    this.retryAfterMs = failure.retryAfterMs;
  }
}

/** Nobody answered, or the store behind the server is away. Nothing was changed. */
export class UnavailableError extends RepriseError {}

/** The call's time was over. A change may have been applied all the same. */
export class DeadlineExceededError extends RepriseError {}

/** A change was sent and nobody can tell whether it was applied: read before you repeat it. */
export class OutcomeUnknownError extends RepriseError {}

/** The server refuses the arguments: mend the caller. `reason` says which. */
export class InvalidArgumentError extends RepriseError {}

/** There is no such namespace. */
export class NotFoundError extends RepriseError {}

/** The server has more to do than it can: come back after `retryAfterMs`. */
export class OverloadedError extends RepriseError {}

/** A value can't be encoded, bytes can't be decoded, or nobody here knows their content type. */
export class CodecError extends RepriseError {}

/** True for errors that mean that the cache can't be asked now: the caller should do without it. */
export function isAway(error: unknown): boolean {
  return (
    error instanceof UnavailableError || error instanceof DeadlineExceededError || error instanceof OverloadedError
  );
}
