import type { Clock } from '../../base/clock.ts';
import { OperatingError } from '../../base/operating-error.ts';
import type { LinkOptions } from '../../store/redis/link-options.ts';
import { replyFailure } from '../../store/redis/reply-failure.ts';
import { checkRedis, type StartupNeeds, type StartupReport } from '../../store/redis/startup-checks.ts';
import type { Finding, FindingCode } from '../../store/redis/startup-finding.ts';
import type { Log } from '../../telemetry/log.ts';

/** Milliseconds for which a start waits for servers that can't be used yet: they may be starting, or failing over. */
const PATIENCE_MS = 4000;
const PAUSE_MS = 250;

/** What may be over in a moment, but for a login that is refused. */
const PASSING: ReadonlySet<FindingCode> = new Set(['connection', 'sentinels', 'slots', 'role']);
const LOGIN_REFUSED: ReadonlySet<string> = new Set(['WRONGPASS', 'NOAUTH'].map((code) => replyFailure(code).what));

/**
 * Looks at the servers, again for a while where that may help, and logs what it found. Returns their versions.
 *
 * @throws OperatingError STORE_UNAVAILABLE if they can't be used; the message says why, and what to do about each thing
 */
export async function checkServers(options: LinkOptions, needs: StartupNeeds, log: Log): Promise<readonly string[]> {
  const { findings, versions } = await patientReport(options, needs);
  for (const { severity, code, what, whatToDo } of findings) {
    log.write(severity === 'refuse' ? 'storeRefused' : 'storeWarned', { code, what, whatToDo });
  }
  const refusals = findings.filter(({ severity }) => severity === 'refuse');
  if (refusals.length > 0) throw new OperatingError('STORE_UNAVAILABLE', refusalText(refusals));
  return versions;
}

async function patientReport(options: LinkOptions, needs: StartupNeeds): Promise<StartupReport> {
  const { clock } = options;
  const endMs = clock.monotonicMs() + PATIENCE_MS;
  for (;;) {
    const report = await checkRedis(options, needs);
    if (!mayPass(report) || clock.monotonicMs() >= endMs) return report;
    await pause(clock);
  }
}

function mayPass({ findings }: StartupReport): boolean {
  const refusals = findings.filter(({ severity }) => severity === 'refuse');
  return refusals.length > 0 && refusals.every(({ code, what }) => PASSING.has(code) && !LOGIN_REFUSED.has(what));
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    clock.startTimer(PAUSE_MS, resolve);
  });
}

function refusalText(refusals: readonly Finding[]): string {
  const lines = refusals.map(({ what, whatToDo }) => `\n  - ${what}. ${whatToDo}`);
  return `Redis can't be used as it is:${lines.join('')}\nWhat Redis must be like: docs/fleet.md`;
}
