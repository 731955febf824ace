import type { Watchers } from '../memory/watchers.ts';
import { Auditor, type AuditorParts } from './auditor.ts';
import type { Follower } from './follower.ts';
import type { AuditRepair } from './key-audit.ts';
import type { Namespaces } from './namespaces.ts';

/** How a node audits what it has in memory. */
export interface AuditOptions {
  /** Changes in a second after which a key is followed, at most; more than 0. */
  readonly perSecond: number;
  /** Hears what was wrong in memory, and is mended. */
  readonly onRepair: (repair: AuditRepair) => void;
}

/** What an auditor looks at, as a node's store has it. */
export interface AuditedParts extends Omit<AuditorParts, 'perSecond' | 'onRepair' | 'homes' | 'homeOf' | 'ask'> {
  readonly audit?: AuditOptions;
  readonly namespaces: Namespaces;
  readonly follower: Follower;
  readonly watchers: Watchers;
}

/** Begins to audit what the tails apply and what memory holds, if that is wanted. The caller closes it. */
export function openAuditor({ audit, namespaces, follower, watchers, ...parts }: AuditedParts): Auditor | undefined {
  if (audit === undefined) return undefined;
  const auditor = new Auditor({
    ...parts,
    ...audit,
    homes: () => namespaces.all(),
    homeOf: (namespaceId) => namespaces.find(namespaceId),
    ask: ({ partition }) => follower.ask(partition),
  });
  watchers.watch((news) => auditor.hear(news));
  return auditor;
}
