// Goal: every command teaches: a sentence, described options and arguments, and examples that work. Method: the whole program
// as commander holds it, without running anything.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Command } from 'commander';
import { commandEntries } from '../../../src/cli/commands.ts';
import { completionWords } from '../../../src/cli/completion/completion-words.ts';
import { makeProgram } from '../../../src/cli/program.ts';
import { lessonOf } from '../../../src/cli/teach.ts';
import { wordsOf } from '../../support/cli-process.ts';

const program = await makeProgram();
const commands = allBelow(program);

function allBelow(command: Command): Command[] {
  return command.commands.flatMap((below) => [below, ...allBelow(below)]);
}

/** Returns the command that some words call, and the words after its name. */
function called(words: readonly string[], from: Command = program): { command: Command; rest: readonly string[] } {
  const below = from.commands.find((command) => command.name() === words[0]);
  return below === undefined ? { command: from, rest: words } : called(words.slice(1), below);
}

test('every entry of the table makes the command of its name', () => {
  const names = commandEntries.map(({ name }) => name);
  assert.deepEqual(
    program.commands.map((command) => command.name()),
    names,
  );
});

for (const command of commands) {
  const name = command.parent === program ? command.name() : `${command.parent?.name()} ${command.name()}`;

  test(`${name} says in a sentence what it does, and describes arguments and options`, () => {
    assert.match(command.description(), /^[A-Z].*\.$/);
    for (const argument of command.registeredArguments) assert.ok(argument.description, argument.name());
    for (const option of command.options) assert.ok(option.description, option.flags);
  });

  test(`${name} has 2 to 4 examples, with options that exist and as many arguments as it takes`, () => {
    const { examples } = lessonOf(command)!;
    assert.ok(examples.length >= 2 && examples.length <= 4);
    for (const [, line] of examples) {
      const words = wordsOf(line.replace(/^.*?\breprise /, '').split(/ [|>]|\)/)[0]!);
      const found = called(words);
      if (command.name() !== 'namespaces') assert.equal(found.command, command, line);
      const { operands, unknown } = found.command.parseOptions([...found.rest]);
      assert.deepEqual(unknown, [], line);
      const { registeredArguments } = found.command;
      const least = registeredArguments.filter(({ required }) => required).length;
      const most = registeredArguments.some(({ variadic }) => variadic) ? Infinity : registeredArguments.length;
      assert.ok(operands.length >= least && operands.length <= most, line);
    }
  });
}

test('without its words a command has only a name: a get does not load the others', async () => {
  const light = await makeProgram(['get', 'k']);
  const loaded = light.commands.filter(({ options }) => options.length > 0);
  assert.deepEqual(
    loaded.map((command) => command.name()),
    ['get'],
  );
});

test('completion knows every command, its options, and what their values may be', () => {
  const words = completionWords(program);
  const paths = words.map(({ path }) => path.join(' '));
  assert.equal(paths.length, commands.length + 1);
  assert.deepEqual(paths.slice(0, 3), ['', 'serve', 'get']);
  const optionOf = (path: string, flag: string) =>
    words[paths.indexOf(path)]?.options.find(({ flags }) => flags.includes(flag))?.value;
  assert.deepEqual(optionOf('invalidate', '--mode'), ['remove', 'mark-stale']);
  assert.equal(optionOf('set', '--file'), 'file');
  assert.equal(optionOf('set', '--ttl'), 'text');
  assert.equal(optionOf('set', '--json'), 'none');
  assert.deepEqual(words[paths.indexOf('completion')]?.words, ['bash', 'zsh', 'fish']);
});
