/** What the exit codes of `reprise` mean. Help texts and documentation are made from this table, or compared with it. */
export const exitCodes = {
  done: { code: 0, help: 'Done. An interrupted `subscribe`, `stats --watch` or drained server ends so too.' },
  failed: { code: 1, help: 'The server refused or failed, could not be started, or `doctor` found something wrong.' },
  usage: { code: 2, help: 'The command line can not be used as it stands. Repeating it changes nothing.' },
  no: {
    code: 3,
    help: 'The answer is no: a miss, not modified, not stored, not touched, not counted, refused, a node behind.',
  },
  unavailable: { code: 4, help: 'The server could not be reached, or did not answer in time. Trying again may help.' },
  negative: { code: 5, help: 'The entry is negative: the source of the data is known to have nothing under this key.' },
} as const;

/** How a command ended, in a word. */
export type ExitName = keyof typeof exitCodes;
