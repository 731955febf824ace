import { OperatingError } from '../../base/operating-error.ts';
import type { TokenFault } from './token.ts';

const explanations: Record<TokenFault, string> = {
  FOREIGN: 'It was not made by this deployment.',
  OTHER_NAMESPACE: 'It belongs to another namespace.',
  FUTURE: 'It names a change that has not happened here.',
  BEYOND_FORK: 'It names a change that was lost.',
  UNKNOWN_EPOCH: 'It belongs to a history that has ended.',
};

/** Returns the error TOKEN_UNUSABLE of a token, or of a position in it, that can't be honoured. */
export function tokenUnusable(why: TokenFault): OperatingError {
  const message = `The token can't be used: ${explanations[why]} Drop it and repeat once.`;
  return new OperatingError('TOKEN_UNUSABLE', message, { metadata: { why } });
}
