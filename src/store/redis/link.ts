/** A script as Redis runs it: joined from its file and the functions it uses. */
export interface LuaScript {
  readonly name: string;
  /** SHA-1 of the text, in 40 hexadecimal digits: what EVALSHA names it by. */
  readonly sha1: string;
  readonly text: string;
  /**
   * May be sent twice: it changes nothing, or nothing that its callers would want to know of. Without an answer it is
   * STORE_UNAVAILABLE, not OUTCOME_UNKNOWN.
   */
  readonly repeatable: boolean;
}

/** An argument of a script: text in UTF-8, a number in decimal digits, or bytes as they are. */
export type ScriptArgument = string | number | Buffer;

/** One run of a script. */
export interface ScriptCall {
  readonly script: LuaScript;
  /** All keys and channels that it touches, the partition's first. All lie in one slot. */
  readonly keys: readonly string[];
  readonly args: readonly ScriptArgument[];
}

/** Reads strings at one moment, without a script: in a fifth of its time. */
export interface StringsCall {
  readonly script?: undefined;
  /** Of strings in one slot; the answer is their list. */
  readonly keys: readonly string[];
}

/** What can be asked of a primary. */
export type LinkCall = ScriptCall | StringsCall;

/** What a call was answered. */
export interface Answered {
  /** Nested lists of buffers, numbers and, for nil, `null` or `undefined`. */
  readonly answer: unknown;
  /** Run id of the server that answered: 40 hexadecimal digits, another one after each restart. */
  readonly server: string;
}

/** Which connection a call takes. Heartbeats never wait behind commands. */
export type Lane = 'commands' | 'heartbeat';

/**
 * The connections to the primaries, whatever shape they stand in. It knows nothing of partitions and their rules, and
 * finds the primary of a call by the slot of its first key.
 *
 * Operating errors: STORE_UNAVAILABLE if the call did not run, or ran and changed nothing; OUTCOME_UNKNOWN if a script
 * that changes something may have run. A script's own error, an `error_reply` that begins with a reason of the service
 * such as `REQUEST_IDS_FULL`, is the operating error of that reason; words of the form `name=number` after it are its
 * facts, `retryAfterMs` among them.
 */
export interface Link {
  /**
   * Reads strings, or runs a script: by its hash, and once by its text where the server doesn't know it. Never sent again
   * by itself.
   */
  run(lane: Lane, call: LinkCall): Promise<Answered>;
  /**
   * Tells whether Sentinel or the cluster, as far as it was asked lately, names this server as the primary of a key's
   * slot. Always true where there is nobody to ask.
   */
  inForce(slotKey: string, server: string): boolean;
  /**
   * Returns for how many milliseconds that has not been asked, at most: the server may have been deposed since. 0 where
   * there is nobody to ask; `undefined` if it is not in force.
   */
  namedAgeMs(slotKey: string, server: string): number | undefined;
  /**
   * Listens to a channel from now on, as well as it can: the sharded channel of that name (SSUBSCRIBE), also where there
   * is no cluster. `onGap` is called when messages may have been missed, after listening has begun again.
   */
  listen(channel: string, onMessage: (payload: Buffer) => void, onGap: () => void): Promise<void>;
  /** Closes all connections; calls under way fail. */
  close(): Promise<void>;
}
