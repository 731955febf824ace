import type { Connection, Reply } from './connection/connection.ts';
import type { Answered, ScriptCall } from './link.ts';
import { type Effect, replyError, unansweredError } from './redis-errors.ts';
import { storeUnavailable } from './redis-failure.ts';
import { replyCode } from './reply-failure.ts';

/** How a script is sent. */
export interface RunOptions {
  /** Sent right before it on the same connection: ASKING, for a slot that is being moved. */
  readonly before?: string;
}

/** Runs a script by its hash, and by its text where the server does not know it: then it has not run before. */
export async function sendScript(
  connection: Connection,
  call: ScriptCall,
  { before }: RunOptions = {},
): Promise<Reply> {
  const { script, keys, args } = call;
  if (before !== undefined) void connection.send(before);
  const reply = await connection.send('evalsha', [script.sha1, keys.length, ...keys, ...args]);
  if (reply.kind !== 'error' || replyCode(reply.message) !== 'NOSCRIPT') return reply;
  if (before !== undefined) void connection.send(before);
  return connection.send('eval', [script.text, keys.length, ...keys, ...args]);
}

/** Returns the answer, or throws what link.ts says. */
export function answerOf(reply: Reply, { script }: ScriptCall, server: string): Answered {
  const effect: Effect = script.repeatable ? 'reads' : 'changes';
  switch (reply.kind) {
    case 'answer':
      return { answer: reply.value, server };
    case 'error':
      throw replyError(reply.message, effect);
    case 'unanswered':
      throw unansweredError(reply.failure, effect);
    case 'unsent':
      throw storeUnavailable(reply.failure);
  }
}
