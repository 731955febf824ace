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

/** Tells whether printed lines are what a document says, where `…` stands for anything within a line. */
export function printsAsDocumented(printed: readonly string[], expected: readonly string[]): boolean {
  if (printed.length !== expected.length) return false;
  return expected.every((line, index) => lineForm(line).test(printed[index]!));
}

function lineForm(line: string): RegExp {
  const literal = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.+')}$`);
}
