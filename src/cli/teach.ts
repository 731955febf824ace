import type { Command } from 'commander';

/** What a help text shows beside options. */
export interface Lesson {
  /** What is achieved, and the command line that does it. 2 to 4. */
  readonly examples: readonly (readonly [aim: string, line: string])[];
  /** What else there is to know, or to do next. */
  readonly next?: string;
}

const lessons = new WeakMap<Command, Lesson>();

/** Adds examples, and what to do next, to a command's help. */
export function teach(command: Command, lesson: Lesson): Command {
  lessons.set(command, lesson);
  const examples = lesson.examples.map(([aim, line]) => `  # ${aim}\n  ${line}\n`).join('\n');
  const next = lesson.next === undefined ? '' : `\n${lesson.next}\n`;
  return command.addHelpText('after', `\nExamples:\n${examples}${next}`);
}

/** Returns what a command was given by `teach`. */
export function lessonOf(command: Command): Lesson | undefined {
  return lessons.get(command);
}
