import { addressText } from './address.ts';
import type { LinkOptions } from './link-options.ts';
import { majority } from './majority.ts';
import { primaryNamed, type SentinelPlaces, sentinelLogins } from './sentinel-question.ts';
import { type Finding, notUsable, refusal, warning } from './startup-finding.ts';
import type { Places } from './startup-places.ts';
import { leave, type Visit, visitServer } from './visit-server.ts';

/** Asks the Sentinels who is primary, and tells what is wrong with their answers. */
export async function findSentinelPrimary(
  { sentinels, primaryName }: SentinelPlaces,
  options: LinkOptions,
  tags: readonly string[],
): Promise<Places> {
  const visits = await Promise.all(sentinels.map((address) => visitSentinel(address, options)));
  const there = visits.filter((visit) => visit.kind === 'there');
  const answers = await Promise.all(there.map(({ connection }) => primaryNamed(connection, primaryName)));
  for (const visit of visits) leave(visit);
  const [failed] = visits.filter((visit) => visit.kind === 'failed');
  if (there.length === 0) return { primaries: [], findings: failed === undefined ? [] : [notUsable(failed.failure)] };
  const unreached = failed === undefined ? [] : [unreachedSentinel(failed.failure.what)];
  const named = answers.flatMap((answer) => (answer.kind === 'named' ? [answer.address] : []));
  const primary = majority(named, addressText);
  if (primary !== undefined) return { primaries: [{ address: primary, tags }], findings: unreached };
  return { primaries: [], findings: [...unreached, named.length === 0 ? unknownName(answers) : DISAGREEMENT] };
}

async function visitSentinel(address: SentinelPlaces['sentinels'][number], options: LinkOptions): Promise<Visit> {
  let visit: Visit | undefined;
  for (const login of sentinelLogins(options)) {
    visit = await visitServer(address, options, login);
    if (visit.kind === 'there' || visit.failure.code !== 'WRONGPASS') break;
  }
  return visit!;
}

const DISAGREEMENT = refusal(
  'sentinels',
  'the Sentinels name different primaries',
  'Wait until a failover is over; else check that all of them watch the same servers.',
);

function unreachedSentinel(what: string): Finding {
  return warning(
    'sentinels',
    `a Sentinel of the URL can't be asked: ${what}`,
    'Bring it back, or take it from the URL.',
  );
}

function unknownName(answers: readonly Awaited<ReturnType<typeof primaryNamed>>[]): Finding {
  const failed = answers.find((answer) => answer.kind === 'failed');
  if (failed !== undefined) return notUsable(failed.failure);
  const what = 'the Sentinels know no primary of the name in the URL';
  return refusal(
    'primary-name',
    what,
    'End the URL with the name in `sentinel monitor NAME …` of their configuration.',
  );
}
