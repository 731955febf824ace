import type { Finding } from './findings.ts';

/** A pattern that no tracked file may hold. */
export interface TextRule {
  readonly pattern: RegExp;
  readonly what: string;
}

/** Left for later is left for an issue. The words are put together here, so that this file does not hold them. */
export const unfinished: TextRule = {
  pattern: new RegExp(
    `\\b(?:${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK', 'PLACE' + 'HOLDER'].join('|')})\\b`,
  ),
  what: 'unfinished: do it, or open an issue',
};

/** Paths that exist on one machine only. */
export const machinePath: TextRule = {
  pattern: /(?<![\w.:/])(?:\/(?:home|Users|root|work)\/[\w.-]|[A-Z]:\\\\?\w)/,
  what: 'a path of one machine: say it from the root of the repository',
};

/** Where packages come from is the business of who installs them. */
export const registry: TextRule = {
  pattern: new RegExp(
    [
      'registry\\.(?:npmjs|yarnpkg)\\.',
      'npm\\.pkg\\.github',
      'proxy\\.golang',
      'https?://[\\w.-]*(?:registry|artifact|nexus)',
      '_auth' + 'Token',
      '^registry *=',
    ].join('|'),
    'm',
  ),
  what: 'names a registry',
};

/** Returns the lines of a text that break a rule. */
export function textFindings(path: string, text: string, { pattern, what }: TextRule): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [{ path, line: index + 1, what: `${what} (${match[0]})` }];
  });
}
