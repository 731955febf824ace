import type { Check, Finding } from './check.ts';
import { sharedLook } from './shared-look.ts';

/** What a look at the servers found, and what they are. */
export interface ServerLook {
  readonly findings: readonly {
    /** `refuse`: a node would not start with them. */
    readonly severity: 'refuse' | 'warn';
    readonly code: string;
    readonly what: string;
    readonly whatToDo: string;
  }[];
  /** Such as `Redis 7.2.4`. */
  readonly versions: readonly string[];
}

/** Looks at the servers as a start does: their settings may have changed since. */
export function checkRedisServers(lookAtServers: () => Promise<ServerLook>): Check {
  return { name: 'redis', look: sharedLook(async () => findingsOf(await lookAtServers())) };
}

function findingsOf({ findings, versions }: ServerLook): readonly Finding[] {
  const found = findings.map(({ severity, code, what, whatToDo }): Finding => {
    return { severity: severity === 'refuse' ? 'error' : 'warning', what: `${code}: ${what}`, whatToDo };
  });
  return versions.length === 0 ? found : [...found, primaries(versions)];
}

function primaries(versions: readonly string[]): Finding {
  return { severity: 'info', what: `the primaries run ${versions.join(', ')}`, whatToDo: 'Nothing.' };
}
