import type { SeededRandom } from '../../support/seeded-random.ts';
import type { TestedServer } from './tested-server.ts';
import type { Traffic } from './traffic.ts';

/** Where a resume token may come from. */
export interface ResumeSources {
  readonly tested: TestedServer;
  readonly traffic: Traffic;
  readonly namespace: string;
  /** Tokens of the subscriber's own streams, the newest last. */
  readonly own: readonly string[];
}

const FAR_FUTURE = 1_000_000_000;

/**
 * Returns a token to resume with, empty for none. Mostly the subscriber's newest, sometimes an older one, one of another
 * call, which may be of another namespace or of a history that has ended, one of the future, or none at all.
 */
export function pickResumeToken(random: SeededRandom, sources: ResumeSources): string {
  const { own, traffic } = sources;
  const draw = random.float();
  if (draw < 0.7) return own.at(-1) ?? '';
  if (draw < 0.75) return own.length === 0 ? '' : random.pick(own);
  if (draw < 0.85) return traffic.pickToken(random);
  if (draw < 0.88) return futureToken(sources);
  if (draw < 0.91) return garbage(random, own.at(-1) ?? traffic.pickToken(random));
  return '';
}

function futureToken({ tested, namespace, own }: ResumeSources): string {
  const newest = tested.tokens.open(own.at(-1) ?? '');
  const position = newest?.positions[0]?.position;
  if (position === undefined) return '';
  const placed = { partition: 0, position: { ...position, number: position.number + FAR_FUTURE } };
  return tested.tokens.seal({ namespaceId: tested.namespaceId(namespace), givenAtMs: 0, positions: [placed] });
}

function garbage(random: SeededRandom, token: string): string {
  if (token === '' || random.chance(0.3)) return random.bytes(random.below(60) + 1).toString('base64url');
  if (random.chance(0.5)) return token.slice(0, random.below(token.length - 1) + 1);
  const index = random.below(token.length);
  const other = token[index] === 'A' ? 'B' : 'A';
  return `${token.slice(0, index)}${other}${token.slice(index + 1)}`;
}
