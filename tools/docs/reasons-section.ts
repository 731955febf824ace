import { reasonCodes } from '../../src/api/reason-codes.ts';
import { statusCodeNames } from '../../src/telemetry/request-latencies.ts';
import { code, markdownTable } from './markdown-table.ts';
import { documented, reasonComments } from './source-comments.ts';

const FILE = 'proto/reprise/v1/error_reason.proto';

/** What a caller does about each code. */
const ADVICE: Readonly<Record<string, string>> = {
  INVALID_ARGUMENT: 'The call is wrong: mend the caller. The same call fails again.',
  NOT_FOUND: 'What the call names is not there: create it, or name another.',
  ALREADY_EXISTS: 'What the call would create is there: use it, or choose another name.',
  FAILED_PRECONDITION: 'The state forbids it: change the state as the reason says, then call again.',
  ABORTED: 'Somebody else was faster: read again, then decide again.',
  RESOURCE_EXHAUSTED: 'A limit is reached: send less, or later. Wait as long as RetryInfo says where there is one.',
  UNAVAILABLE: 'The server can not do it now: retry elsewhere or later, with jitter.',
  DEADLINE_EXCEEDED: 'The time was over: whether a change was made is not known. Repeat it with the same request id.',
  CANCELLED: 'The caller gave up itself.',
  INTERNAL: 'A bug: report it with the request id; the log line `callFailed` has the same.',
};

/** Returns all error reasons by code, with what they mean and what to do about them. */
export function reasonsSection(): string {
  const byCode = Map.groupBy(Object.entries(reasonCodes), ([, grpcCode]) => statusCodeNames[grpcCode]!);
  return [...byCode]
    .map(([name, reasons]) => `${adviceOn(name)}\n\n${table(reasons.map(([reason]) => reason))}`)
    .join('\n\n');
}

function adviceOn(name: string): string {
  const advice = ADVICE[name];
  if (advice === undefined) throw new Error(`tools/docs/reasons-section.ts has no advice on ${name}`);
  return `**${name}** – ${advice}`;
}

function table(reasons: readonly string[]): string {
  const comments = reasonComments(FILE);
  const rows = reasons.map((reason) => [code(reason), meaning(documented(comments, reason, FILE))]);
  return markdownTable(['reason', 'meaning'], rows);
}

// The comments begin with their code, which stands above the table.
function meaning(comment: string): string {
  const [, withRetryInfo, text] = /^[A-Z_]+(, with RetryInfo)?\. (.*)$/.exec(comment) ?? [
    undefined,
    undefined,
    comment,
  ];
  return withRetryInfo === undefined ? text! : `${text} Comes with RetryInfo.`;
}
