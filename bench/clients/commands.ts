/** What a driver is asked to measure. */
export type Work = 'hits' | 'gets' | 'batches' | 'latencies' | 'changes';

/** One measurement of a language. */
export interface Measurement {
  /** As in `get.64.client`: what, how many callers or changes a second, by whom. */
  readonly id: string;
  readonly do: Work;
  /** The contestant, by the name that drivers know. */
  readonly who: string;
  /** Where it is measured. Default: at Reprise. */
  readonly at?: 'echo';
  readonly callers?: number;
  /** Changes a second. */
  readonly rate?: number;
}

/** What languages differ in. */
export interface LanguageTraits {
  readonly hasNear: boolean;
  /** Also beside cachetools.TTLCache with a lock. */
  readonly hasTtlCache: boolean;
}

/** Callers of unary Gets. */
export const getCallers = [1, 64] as const;
/** Callers of batches. */
export const batchCallers = 4;
/** Changes a second that a near cache follows. */
export const changeRates = [200, 1000] as const;

/** Returns the measurements of a language, what is compared side by side. */
export function measurementsOf(traits: LanguageTraits): readonly Measurement[] {
  return [...hits(traits), ...gets(), ...batches(), ...latencies(), ...changes(traits)];
}

function hits({ hasNear, hasTtlCache }: LanguageTraits): readonly Measurement[] {
  if (!hasNear) return [];
  const whos = ['near', 'shared', ...(hasTtlCache ? ['ttlCache'] : []), 'map'];
  return whos.map((who) => ({ id: `hits.${who}`, do: 'hits', who }));
}

function gets(): readonly Measurement[] {
  const plain = getCallers.flatMap((callers) => inThreeWays('gets', `get.${callers}`, callers));
  const callers = Math.max(...getCallers);
  return [...plain, { id: `get.${callers}.batching`, do: 'gets', who: 'batching', callers }];
}

function batches(): readonly Measurement[] {
  return inThreeWays('batches', 'batchGet', batchCallers);
}

/** The client, the bare stub at the same server, and the bare stub at an echo of the same bytes. */
function inThreeWays(work: Work, id: string, callers: number): readonly Measurement[] {
  return [
    { id: `${id}.client`, do: work, who: 'client', callers },
    { id: `${id}.stub`, do: work, who: 'stub', callers },
    { id: `${id}.echo`, do: work, who: 'stub', callers, at: 'echo' },
  ];
}

function latencies(): readonly Measurement[] {
  return ['hit', 'miss', 'stub'].map((who) => ({ id: `compute.${who}`, do: 'latencies', who }));
}

function changes({ hasNear }: LanguageTraits): readonly Measurement[] {
  if (!hasNear) return [];
  return changeRates.map((rate) => ({ id: `changes.${rate}`, do: 'changes', who: 'near', rate }));
}
