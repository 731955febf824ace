import type { Address } from './address.ts';
import type { Reply } from './connection/connection.ts';
import type { ScriptArgument } from './link.ts';
import type { LinkOptions } from './link-options.ts';
import type { RedisFailure } from './redis-failure.ts';
import type { Login } from './redis-url-parts.ts';
import { replyFailure } from './reply-failure.ts';

/** Where the Sentinels are, and what they are asked for. */
export interface SentinelPlaces {
  readonly sentinels: readonly Address[];
  readonly primaryName: string;
}

/** What a Sentinel says. */
export type SentinelAnswer =
  | { readonly kind: 'named'; readonly address: Address }
  | { readonly kind: 'unknown-name' }
  | { readonly kind: 'failed'; readonly failure: RedisFailure };

/** What sends commands. */
interface Sender {
  send(name: string, args: readonly ScriptArgument[]): Promise<Reply>;
}

/** Asks a Sentinel who is primary. */
export async function primaryNamed(sentinel: Sender, primaryName: string): Promise<SentinelAnswer> {
  const reply = await sentinel.send('sentinel', ['get-master-addr-by-name', primaryName]);
  switch (reply.kind) {
    case 'answer':
      return readAnswer(reply.value);
    case 'error':
      return { kind: 'failed', failure: replyFailure(reply.message) };
    case 'unanswered':
    case 'unsent':
      return { kind: 'failed', failure: reply.failure };
  }
}

/**
 * Returns the logins to try at a Sentinel, in order: a Sentinel often has none while the servers have one, and the URL
 * has room for one only.
 */
export function sentinelLogins({ url, sentinelLogin }: LinkOptions): readonly (Login | undefined)[] {
  if (sentinelLogin !== undefined) return [sentinelLogin];
  return url.login === undefined ? [undefined] : [url.login, undefined];
}

// Host and port as texts.
function readAnswer(value: unknown): SentinelAnswer {
  if (!Array.isArray(value) || value.length !== 2) return { kind: 'unknown-name' };
  return { kind: 'named', address: { host: String(value[0]), port: Number(String(value[1])) } };
}
