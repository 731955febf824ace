import { readToken } from '../cache/honour-tokens.ts';
import type { Namespace } from '../cache/namespace.ts';
import { effectiveNumber } from '../cache/rules/epoch-chain.ts';
import type { TokenSealer } from '../cache/token-sealer.ts';
import type { Moment } from './moment.ts';
import type { Beginning } from './subscription.ts';

/** Returns where a stream begins that is opened with a token, or without one (empty), now that all was told up to `told`. */
export function beginningOf(tokens: TokenSealer, namespace: Namespace, token: string, told: Moment): Beginning {
  if (token === '') return { kind: 'after', moment: told };
  const [head] = told;
  const content = head && readToken(tokens, namespace, token, head.position);
  if (content === undefined || typeof content === 'string') return { kind: 'reset', cause: 'tokenUnusable' };
  const { chain } = namespace.control;
  const moment = content.positions.map(({ partition, position }) => {
    const number = effectiveNumber(chain, position) ?? position.number;
    return { partition, position: { epoch: chain.epoch, number } };
  });
  return { kind: 'after', moment };
}
