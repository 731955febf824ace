import type { OperatingError } from '../base/operating-error.ts';

/** Where one subscriber's messages go. */
export interface Sink {
  /**
   * Sends one message, and calls `sent`, never before it returns, when the subscriber's connection has taken it. The next
   * one may be sent then: what a slow subscriber makes wait, waits here in a bounded queue and not in the connection.
   */
  send(bytes: Buffer, sent: () => void): void;
  /** Ends the stream after what was sent; with an error if there is one. */
  end(error?: OperatingError): void;
}
