import { SeededRandom } from '../../support/seeded-random.ts';
import { NamespaceTags } from '../history/entry-tags.ts';
import type { History, LoggedChange, Mutation } from '../history/history.ts';
import { pickMutation } from '../workload/pick-mutation.ts';
import { IDEAL_EPOCH, idealSessions } from './ideal-sessions.ts';

const NAMESPACE_IDS = ['n1', 'n2'] as const;
const CALLS = 300;
const SUBSCRIBERS = 8;
const SESSIONS = 4;

/** Returns a history in which every promise is kept, without any server: what a perfect one would have done. */
export function idealHistory(seed: number): History {
  const random = new SeededRandom(seed);
  const { changes, mutations } = idealChanges(random);
  const sessions = Array.from({ length: SUBSCRIBERS }, (_, index) => {
    const namespaceId = random.pick(NAMESPACE_IDS);
    return idealSessions({ random, changes, namespaceId, subscriber: `subscriber ${index}` }, SESSIONS);
  });
  return {
    changes,
    mutations,
    sessions: sessions.flat(),
    retainedChanges: changes.length,
    streamsLeft: 0,
    restarts: 0,
  };
}

function idealChanges(random: SeededRandom): Pick<History, 'changes' | 'mutations'> {
  const tagsOf = new Map(NAMESPACE_IDS.map((id) => [id, new NamespaceTags()]));
  const changes: LoggedChange[] = [];
  const mutations: Mutation[] = [];
  for (let call = 0; call < CALLS; call++) {
    const plan = pickMutation(random);
    const namespaceId = random.pick(NAMESPACE_IDS);
    for (const target of plan.targets) {
      const { cause, mode, origin, traceparent } = plan;
      const order = changes.length + 1;
      const tags = tagsOf.get(namespaceId)!.apply({ target, cause, mode, given: plan.tags });
      const revision = `${IDEAL_EPOCH}-${order}`;
      changes.push({ target, cause, mode, revision, order, namespaceId, origin, traceparent, ...tags });
    }
    const mark = { namespaceId, epoch: IDEAL_EPOCH, at: changes.length };
    mutations.push({ ...plan, namespaceId, answeredAt: changes.length, mark });
  }
  return { changes, mutations };
}
