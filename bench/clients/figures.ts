import { leastOf, medianOf, medianRatio, type NumberOf, samplesOf } from '../fleet/numbers.ts';
import { type Figure, type Goal, judged } from '../support/results.ts';
import type { Sample } from './answers.ts';
import { changeRates, getCallers } from './commands.ts';
import type { LanguageName } from './languages.ts';
import type { ClientsMeasured, LanguageSamples } from './measure.ts';

/** Design § 17: hits of the near cache a second and core, raw codec. */
const hitGoals: Readonly<Partial<Record<LanguageName, Goal>>> = {
  typescript: { on: 'value', is: '>=', bound: 3e6 },
  python: { on: 'value', is: '>=', bound: 1e6 },
  go: { on: 'value', is: '>=', bound: 10e6 },
};
/** Design § 17: at most 1.2 times the time of cachetools.TTLCache with a lock. */
const ttlCacheGoal: Goal = { on: 'ratio', is: '>=', bound: 0.83 };
/** Design § 17: milliseconds until a change is in a near cache elsewhere, at a thousand changes a second. */
const changeGoal: Goal = { on: 'value', is: '<=', bound: 20 };
const changeGoalRate = 1000;

const perSecond = (sample: Sample): number => sample.perSecond;
const perCpuSecond = (sample: Sample): number => sample.perCpuSecond;
const cpuUs = (sample: Sample): number => 1e6 / sample.perCpuSecond;

/** Returns the figures of all clients, their goals judged. A ratio above 1 is better than the peer. */
export function clientsFigures(measured: ClientsMeasured): readonly Figure[] {
  return [...measured].flatMap(([name, samples]) => figuresOf(name, samples));
}

function figuresOf(name: LanguageName, samples: LanguageSamples): readonly Figure[] {
  const language = new LanguageFigures(`clients.${name}`, samples);
  return [
    ...hitFigures(language, hitGoals[name]),
    ...getCallers.flatMap((callers) => language.inThreeWays(`get.${callers}`, 'calls/s')),
    ...language.calls('get.64.batching', 'calls/s', 'get.64.client'),
    ...language.inThreeWays('batchGet', 'keys/s'),
    ...language.times('compute.hit', 'compute.stub'),
    ...language.times('compute.miss', 'compute.stub'),
    ...changeRates.flatMap((rate) => changeFigures(language, rate)),
  ];
}

function hitFigures(language: LanguageFigures, goal: Goal | undefined): readonly Figure[] {
  if (!language.has('hits.near')) return [];
  const hits = language.perCore('hits.near', 'hits.map');
  const beside = language.has('hits.ttlCache') ? [language.perCore('hits.near', 'hits.ttlCache')] : [];
  return [
    goal === undefined ? hits : judged(hits, goal),
    ...beside.map((figure) => judged({ ...figure, id: `${figure.id}.ttlCache` }, ttlCacheGoal)),
    language.perCore('hits.shared', 'hits.map'),
  ];
}

function changeFigures(language: LanguageFigures, rate: number): readonly Figure[] {
  if (!language.has(`changes.${rate}`)) return [];
  const [p50, p99] = language.milliseconds(`changes.${rate}`);
  return [p50, rate === changeGoalRate ? judged(p99, changeGoal) : p99];
}

class LanguageFigures {
  readonly #prefix: string;
  readonly #samples: LanguageSamples;

  constructor(prefix: string, samples: LanguageSamples) {
    this.#prefix = prefix;
    this.#samples = samples;
  }

  has(id: string): boolean {
    return this.#samples.has(id);
  }

  /** Hits for each second of CPU time that the process got, beside a peer of the same round. */
  perCore(id: string, peer: string): Figure {
    const [ours, theirs] = [this.#of(id), this.#of(peer)];
    const ratio = medianRatio(ours, theirs, perCpuSecond);
    return { id: `${this.#prefix}.${id}`, value: medianOf(ours, perCpuSecond), unit: 'hits/CPU s', peer, ratio };
  }

  /** How much of something there is a second, and what it takes of the client's CPU, beside a peer of the same round. */
  calls(id: string, unit: string, peer: string): readonly Figure[] {
    const [ours, theirs] = [this.#of(id), this.#of(peer)];
    const rates = { value: medianOf(ours, perSecond), unit, peer, ratio: medianRatio(ours, theirs, perSecond) };
    const cpu = { value: medianOf(ours, cpuUs), unit: 'us CPU', peer, ratio: medianRatio(theirs, ours, cpuUs) };
    return [
      { id: `${this.#prefix}.${id}`, ...rates },
      { id: `${this.#prefix}.${id}.cpu`, ...cpu, least: leastOf(ours, cpuUs) },
    ];
  }

  /** The client beside the bare stub at the same server, and beside the bare stub at the echo. */
  inThreeWays(id: string, unit: string): readonly Figure[] {
    const [toEcho] = this.calls(`${id}.client`, unit, `${id}.echo`);
    return [...this.calls(`${id}.client`, unit, `${id}.stub`), { ...toEcho!, id: `${toEcho!.id}.toEcho` }];
  }

  /** Latencies of calls one after the other, beside a peer's. */
  times(id: string, peer: string): readonly Figure[] {
    const [ours, theirs] = [this.#of(id), this.#of(peer)];
    const time = (name: string, of: NumberOf<Sample>): Figure => ({
      ...{ id: `${this.#prefix}.${id}.${name}`, value: medianOf(ours, of), unit: 'us', peer },
      ...{ ratio: medianRatio(theirs, ours, of), least: leastOf(ours, of) },
    });
    return [time('p50', ({ p50Us }) => p50Us), time('p99', ({ p99Us }) => p99Us)];
  }

  /** Latencies without a peer. */
  milliseconds(id: string): readonly [Figure, Figure] {
    const samples = this.#of(id);
    const time = (name: string, of: NumberOf<Sample>): Figure => ({
      ...{ id: `${this.#prefix}.${id}.${name}`, value: medianOf(samples, of) / 1000, unit: 'ms' },
      least: leastOf(samples, of) / 1000,
    });
    return [time('p50', ({ p50Us }) => p50Us), time('p99', ({ p99Us }) => p99Us)];
  }

  #of(id: string): readonly Sample[] {
    return samplesOf(this.#samples, id);
  }
}
