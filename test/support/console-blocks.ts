import assert from 'node:assert/strict';

/** A command of a document's console block, and what the document says it prints. */
export interface ConsoleCommand {
  readonly command: string;
  /** Lines as printed; `…` stands for anything within a line. */
  readonly expected: readonly string[];
}

/** Returns the commands of all ```console blocks of a Markdown text, in order. */
export function consoleCommands(markdown: string): ConsoleCommand[] {
  const blocks = [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].map((match) => match[1]!);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command, ...expected] = part.trimEnd().split('\n');
        return { command: command!, expected };
      }),
  );
}

/** Cuts the section of a heading, such as `## A fleet`, out of a Markdown text; fails if there is none. */
export function cutSection(markdown: string, heading: string): { readonly section: string; readonly rest: string } {
  const begin = markdown.indexOf(`\n${heading}\n`);
  assert.ok(begin >= 0, `there is a section ${heading}`);
  const next = markdown.indexOf(`\n${heading.split(' ', 1)} `, begin + 1);
  const end = next < 0 ? markdown.length : next;
  return { section: markdown.slice(begin, end), rest: markdown.slice(0, begin) + markdown.slice(end) };
}

/** Tells whether printed lines are what a document says, where `…` stands for anything within a line. */
export function printsAsDocumented(printed: readonly string[], expected: readonly string[]): boolean {
  if (printed.length !== expected.length) return false;
  return expected.every((line, index) => lineForm(line).test(printed[index]!));
}

function lineForm(line: string): RegExp {
  const literal = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`);
}
