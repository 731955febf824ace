import { allDone } from './all-done.ts';
import { laneRandoms } from './lane-random.ts';
import { NAMESPACES } from './names.ts';
import { answerLater } from './store-variants.ts';
import { Subscriber } from './subscriber.ts';
import { type Comeback, type StoreVariant, TestedServer } from './tested-server.ts';
import { Traffic } from './traffic.ts';
import type { Workload } from './workload.ts';

/** How much of a disturbed workload there is. */
export interface DisturbedSize {
  readonly subscribers: number;
  /** Callers that change things at the same time, and calls of each before, between and after the restarts. */
  readonly callers: number;
  readonly calls: number;
  readonly restarts: readonly Comeback[];
  readonly store?: StoreVariant;
}

/** Subscribers who leave, stall, and lose their connections at any byte, and come back with all sorts of tokens. */
export const disturbed: Workload = {
  name: 'disturbed subscribers',
  run: (seed) => runDisturbed(seed, { subscribers: 10, callers: 4, calls: 400, restarts: [] }),
  least: {
    ...{ changes: 1200, sessions: 60, events: 3000, resumed: 10, replayed: 30, refused: 1 },
    ...{ cancels: 5, cuts: 5, stalls: 1, unanswered: 1 },
  },
};

/** The same while the server is started again, with its store or with a new one. */
export const restarted: Workload = {
  name: 'restarted server',
  run: (seed) => {
    const restarts: Comeback[] = ['same store', 'new store', 'same store'];
    return runDisturbed(seed, { subscribers: 8, callers: 3, calls: 100, restarts });
  },
  least: {
    ...{ changes: 1000, sessions: 50, events: 2000, resumed: 10, replayed: 15, refused: 2 },
    ...{ cancels: 3, cuts: 3, restarts: 3, farewells: 1 },
  },
};

/** The same with a store that soon forgets, and answers questions about the past only later. */
export const forgetful: Workload = {
  name: 'short history',
  run: (seed) => {
    const store = { retainedChanges: 60, prepare: answerLater };
    return runDisturbed(seed, { subscribers: 8, callers: 3, calls: 150, restarts: ['same store'], store });
  },
  least: {
    ...{ changes: 1000, sessions: 50, events: 2000, resumed: 10, replayed: 15, refused: 1, historyGone: 1 },
    ...{ cancels: 3, cuts: 3, restarts: 1, farewells: 1 },
  },
};

/** Runs subscribers, callers and restarts together; returns the recorder's history. */
export async function runDisturbed(
  seed: number,
  { subscribers, callers, calls, restarts, store }: DisturbedSize,
): ReturnType<Workload['run']> {
  await using tested = await TestedServer.start(store);
  const traffic = new Traffic(tested);
  const reading = laneRandoms(seed, subscribers).map((random, index) => {
    const namespace = NAMESPACES[index % NAMESPACES.length]!;
    const parts = { tested, traffic, random, name: `subscriber ${index}`, namespace };
    return new Subscriber(parts).run();
  });
  const changing = async (): Promise<void> => {
    const callerRandoms = laneRandoms(seed, callers, subscribers);
    const callAll = async (): Promise<void> => {
      await allDone(callerRandoms.map((random) => traffic.run({ random, calls })));
    };
    await callAll();
    for (const comeback of restarts) {
      const restarting = traffic.pass(calls / 2).then(() => tested.restart(comeback));
      await allDone([callAll(), restarting]);
      await callAll();
    }
  };
  await allDone([changing().finally(() => traffic.stop()), ...reading]);
  return await tested.finish();
}
