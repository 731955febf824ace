import type { Connection, Reply } from './connection/connection.ts';
import type { Answered, LinkCall, ScriptCall } from './link.ts';
import { type Effect, replyError, unansweredError } from './redis-errors.ts';
import { silenceOf, storeUnavailable } from './redis-failure.ts';
import { replyCode } from './reply-failure.ts';

/** How a call is sent. */
export interface RunOptions {
  /** Sent right before it on the same connection: ASKING, for a slot that is being moved. */
  readonly before?: string;
}

/** Sends a call. */
export function sendCall(connection: Connection, call: LinkCall, { before }: RunOptions = {}): Promise<Reply> {
  if (before !== undefined) void connection.send(before);
  return call.script === undefined ? connection.send('mget', call.keys) : sendScript(connection, call, before);
}

/** Runs a script by its hash, and by its text where the server does not know it: then it has not run before. */
async function sendScript(connection: Connection, call: ScriptCall, before: string | undefined): Promise<Reply> {
  const { script, keys, args } = call;
  const reply = await connection.send('evalsha', [script.sha1, keys.length, ...keys, ...args]);
  if (reply.kind !== 'error' || replyCode(reply.message) !== 'NOSCRIPT') return reply;
  if (before !== undefined) void connection.send(before);
  return connection.send('eval', [script.text, keys.length, ...keys, ...args]);
}

/** Returns the answer, or throws what link.ts says. */
export function answerOf(reply: Reply, { script }: LinkCall, server: string): Answered {
  const effect: Effect = script === undefined || script.repeatable ? 'reads' : 'changes';
  switch (reply.kind) {
    case 'answer':
      return { answer: reply.value, server };
    case 'error':
      throw replyError(reply.message, effect);
    case 'unanswered':
      throw unansweredError(reply.failure, effect);
    case 'unsent':
      throw storeUnavailable(reply.failure, silenceOf(reply.failure));
  }
}
