import { OperatingError } from '../base/operating-error.ts';
import { type CacheParts, ONLY_PARTITION } from './cache-parts.ts';
import type { Namespace } from './namespace.ts';
import type { Position } from './rules/position.ts';
import { type TokenContent, type TokenFault, tokenFault } from './rules/token.ts';
import type { TokenSealer } from './token-sealer.ts';

const whatToDo: Record<TokenFault, string> = {
  FOREIGN: 'It was not made by this deployment.',
  OTHER_NAMESPACE: 'It belongs to another namespace.',
  FUTURE: 'It names a change that has not happened here.',
  BEYOND_FORK: 'It names a change that was lost.',
  UNKNOWN_EPOCH: 'It belongs to a history that has ended.',
};

/** Opens a token and returns what it says, or why it can't be honoured while `head` is the newest change. */
export function readToken(
  tokens: TokenSealer,
  namespace: Namespace,
  text: string,
  head: Position,
): TokenContent | TokenFault {
  const token = tokens.open(text);
  if (token === undefined) return 'FOREIGN';
  const view = { chain: namespace.control.chain, head: head.number };
  return tokenFault(token, namespace.id, (partition) => (partition === ONLY_PARTITION ? view : undefined)) ?? token;
}

/**
 * Opens a token and checks that it can be honoured while `head` is the newest change.
 *
 * @throws OperatingError TOKEN_UNUSABLE with why
 */
export function openToken(parts: CacheParts, namespace: Namespace, text: string, head: Position): TokenContent {
  const token = readToken(parts.tokens, namespace, text, head);
  if (typeof token === 'string') throw unusable(token);
  return token;
}

/**
 * Checks that a read whose store answered at `head` is at least as fresh as all tokens.
 *
 * @throws OperatingError TOKEN_UNUSABLE with why
 */
export function honourTokens(parts: CacheParts, namespace: Namespace, tokens: readonly string[], head: Position): void {
  for (const token of tokens) openToken(parts, namespace, token, head);
}

function unusable(why: TokenFault): OperatingError {
  return new OperatingError('TOKEN_UNUSABLE', `The token can't be used: ${whatToDo[why]} Drop it and repeat once.`, {
    metadata: { why },
  });
}
