import type { Address } from './address.ts';
import { addressText } from './address.ts';
import { type ClusterView, ownerOf, ownersOf, readClusterSlots, uncoveredSlots } from './cluster-view.ts';
import { readInfo } from './connection/greeting.ts';
import { CONNECTION_LOST } from './connection-failure.ts';
import { SLOTS, tagSlot } from './key-slot.ts';
import type { LinkOptions } from './link-options.ts';
import type { RedisFailure } from './redis-failure.ts';
import { replyFailure } from './reply-failure.ts';
import { type Finding, notUsable, refusal } from './startup-finding.ts';
import type { Places } from './startup-places.ts';
import { leave, visitServer } from './visit-server.ts';

/** Asks the nodes, one after the other, who serves which slots, and tells what is wrong with the first answer. */
export async function findClusterPrimaries(
  nodes: readonly Address[],
  options: LinkOptions,
  tags: readonly string[],
): Promise<Places> {
  let failure: RedisFailure = CONNECTION_LOST;
  for (const node of nodes) {
    const asked = await askNode(node, options);
    if (asked.kind === 'found') return placesIn(asked, tags);
    if (asked.kind === 'no-cluster') return { primaries: [], findings: [NO_CLUSTER] };
    failure = asked.failure;
  }
  return { primaries: [], findings: [notUsable(failure)] };
}

type Asked =
  | { readonly kind: 'found'; readonly view: ClusterView; readonly state: string | undefined }
  | { readonly kind: 'no-cluster' }
  | { readonly kind: 'failed'; readonly failure: RedisFailure };

async function askNode(node: Address, options: LinkOptions): Promise<Asked> {
  const visit = await visitServer(node, options, options.url.login);
  if (visit.kind === 'failed') return visit;
  const { connection } = visit;
  const isCluster = connection.greeting.info.get('cluster_enabled') === '1';
  const [slots, info] = await Promise.all([
    connection.send('cluster', ['slots']),
    connection.send('cluster', ['info']),
  ]);
  leave(visit);
  if (!isCluster) return { kind: 'no-cluster' };
  if (slots.kind === 'error') return { kind: 'failed', failure: replyFailure(slots.message) };
  if (slots.kind !== 'answer') return { kind: 'failed', failure: slots.failure };
  // Many logins may not ask for it. The slots tell most of it.
  const state = info.kind === 'answer' ? readInfo(String(info.value)).get('cluster_state') : undefined;
  return { kind: 'found', view: readClusterSlots(slots.value, node), state };
}

function placesIn({ view, state }: Asked & { kind: 'found' }, tags: readonly string[]): Places {
  const primaries = [...ownersOf(view).values()].map((address) => ({
    address,
    tags: tags.filter((tag) => servedBy(view, tag) === addressText(address)),
  }));
  return { primaries, findings: [...slotFindings(view), ...(state === 'fail' ? [DOWN] : [])] };
}

function servedBy(view: ClusterView, tag: string): string | undefined {
  const owner = ownerOf(view, tagSlot(tag));
  return owner && addressText(owner);
}

function slotFindings(view: ClusterView): Finding[] {
  const uncovered = uncoveredSlots(view, SLOTS);
  if (uncovered === 0) return [];
  const whatToDo = 'Bring their primary back, or assign them: redis-cli --cluster fix.';
  return [refusal('slots', `${uncovered} slots of the cluster are served by nobody`, whatToDo)];
}

const DOWN = refusal('slots', 'the cluster says that it is down', 'See CLUSTER INFO and CLUSTER NODES on its nodes.');

const NO_CLUSTER = refusal(
  'shape',
  'this is no node of a cluster',
  'Begin the URL with redis:// or redis+sentinel://.',
);
