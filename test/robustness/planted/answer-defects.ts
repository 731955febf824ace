import type { Defect } from './defect.ts';

/** Defects in the answers of calls, and in what is left. */
export const answerDefects: readonly Defect[] = [
  {
    what: 'an answer has the token of the change before',
    breaks: 'TokenOfTheChange',
    plant(history, random) {
      const answered = history.mutations.filter(({ mark }) => mark !== undefined);
      if (answered.length === 0) return undefined;
      const chosen = random.pick(answered);
      const mark = { ...chosen.mark!, at: chosen.mark!.at - 1 };
      const mutations = history.mutations.map((mutation) => (mutation === chosen ? { ...mutation, mark } : mutation));
      return { ...history, mutations };
    },
  },
  {
    what: 'the server holds a stream that has ended',
    breaks: 'Bounded',
    plant: (history) => ({ ...history, streamsLeft: 1 }),
  },
];
