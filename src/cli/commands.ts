import type { Command } from 'commander';

/** One command, loaded when it is asked for: a `get` does not pay for the server. */
export interface CommandEntry {
  readonly name: string;
  /** Heading in the help of the program. */
  readonly group: string;
  /** One line. */
  readonly summary: string;
  readonly load: (wholeProgram: () => Promise<Command>) => Promise<Command>;
}

const SERVER = 'Server:';
const ENTRIES = 'Entries:';
const CHANGES = 'Changes:';
const ADMIN = 'Administration:';
/** Heading of what helps at the prompt. */
export const SHELL = 'Shell:';

/** All commands, in the order of the help. */
export const commandEntries: readonly CommandEntry[] = [
  {
    name: 'serve',
    group: SERVER,
    summary: 'Serve the cache over gRPC',
    load: async () => (await import('./commands/serve.ts')).serveCommand(),
  },
  {
    name: 'get',
    group: ENTRIES,
    summary: 'Read one or several entries',
    load: async () => (await import('./commands/get.ts')).getCommand(),
  },
  {
    name: 'set',
    group: ENTRIES,
    summary: 'Write an entry: from an argument, a file or standard input',
    load: async () => (await import('./commands/set.ts')).setCommand(),
  },
  {
    name: 'delete',
    group: ENTRIES,
    summary: 'Remove entries by key',
    load: async () => (await import('./commands/delete.ts')).deleteCommand(),
  },
  {
    name: 'touch',
    group: ENTRIES,
    summary: 'Give an entry a new lifetime',
    load: async () => (await import('./commands/touch.ts')).touchCommand(),
  },
  {
    name: 'incr',
    group: ENTRIES,
    summary: 'Add to a counter',
    load: async () => (await import('./commands/incr.ts')).incrCommand(),
  },
  {
    name: 'invalidate',
    group: CHANGES,
    summary: 'Say that the source changed: by key, tag, prefix, or all',
    load: async () => (await import('./commands/invalidate.ts')).invalidateCommand(),
  },
  {
    name: 'subscribe',
    group: CHANGES,
    summary: 'Print changes as they happen',
    load: async () => (await import('./commands/subscribe.ts')).subscribeCommand(),
  },
  {
    name: 'namespaces',
    group: ADMIN,
    summary: 'List, create, change and delete namespaces',
    load: async () => (await import('./commands/namespaces.ts')).namespacesCommand(),
  },
  {
    name: 'stats',
    group: ADMIN,
    summary: 'Show what namespaces hold and what happens in them',
    load: async () => (await import('./commands/stats.ts')).statsCommand(),
  },
  {
    name: 'doctor',
    group: ADMIN,
    summary: 'Say what needs attention, on a server and in its store',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand(),
  },
  {
    name: 'completion',
    group: SHELL,
    summary: 'Print a completion script for bash, zsh or fish',
    load: async (whole) => (await import('./commands/completion.ts')).completionCommand(whole),
  },
];
