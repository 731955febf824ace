import { Command, Option } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import { type Consistency, MissReason } from '../../gen/reprise/v1/entry.ts';
import { type ClientContext, collect, onCall } from '../client-command.ts';
import { enumName } from '../enum-name.ts';
import type { ExitName } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { tableText } from '../print-table.ts';
import { type Reading, readEntries } from '../read-entries.ts';
import { exitOfReadings, metadataText, readingJson, readingRows } from '../show-reading.ts';
import { teach } from '../teach.ts';
import { isShowable, textOf } from '../value-text.ts';

interface GetOptions {
  readonly raw?: true;
  readonly json?: true;
  readonly atLeast?: readonly string[];
  readonly latest?: true;
  readonly allowStale?: true;
  readonly ifRevisionNot?: string;
}

/** Makes `reprise get`. */
export function getCommand(): Command {
  const command = new Command('get')
    .description('Reads entries: prints the value of one key, or a table of several.')
    .argument('<KEY...>', 'keys to read; several are read in one batch')
    .option('--raw', "write exactly the value's bytes to standard output, and nothing else; one key")
    .addOption(new Option('--json', 'print one JSON object a key, on a line of its own').conflicts('raw'))
    .option('--at-least <TOKEN>', 'serve nothing older than this token of a write; may be given 16 times', collect)
    .addOption(
      new Option('--latest', 'read from the store itself, past every tier in front of it').conflicts('atLeast'),
    )
    .option('--allow-stale', 'serve an entry past its TTL too, within its stale window')
    .option('--if-revision-not <REVISION>', 'print nothing if the entry still has this revision; one key');
  return teach(
    onCall(command, (context) => get(context, command.args, command.opts())),
    {
      examples: [
        ['the value as text; on a terminal with what else is known of it', 'reprise get track:63'],
        ["the value's bytes into a file, whatever they are", 'reprise get cover:7 --raw > cover.jpg'],
        ['several keys for a program', 'reprise get track:63 track:64 --json | jq .outcome'],
        ['read what you have just written, wherever you read it', 'reprise get track:63 --at-least "$token"'],
      ],
      next: 'A miss ends with 3, a negative entry (the source has nothing there) with 5, so that scripts can tell them apart.',
    },
  );
}

async function get(context: ClientContext, keys: readonly string[], options: GetOptions): Promise<ExitName> {
  const { connection, namespace, output } = context;
  if (keys.length > 1) refuseForSeveral(options);
  const readings = await readEntries(connection, keys, {
    namespace,
    consistency: consistencyOf(options),
    allowStale: options.allowStale === true,
    ifRevisionNot: options.ifRevisionNot ?? '',
  });
  const [first, ...others] = readings;
  if (options.json === true) for (const reading of readings) output.json(readingJson(reading));
  else if (first !== undefined && others.length === 0) return showOne(first, options, output);
  else output.data(tableText(readingRows(readings)));
  return exitOfReadings(readings);
}

function showOne(reading: Reading, { raw }: GetOptions, output: Output): ExitName {
  if (reading.outcome === 'miss') output.notice(`miss: ${enumName(MissReason, reading.miss.reason)}`);
  if (reading.outcome === 'notModified') output.notice('not modified: the entry still has that revision');
  if (reading.outcome === 'negative') output.notice('negative: the source has nothing under this key');
  if (reading.outcome === 'hit' && raw === true) output.data(reading.value);
  if (reading.outcome === 'hit' && raw !== true && !showText(reading.value, output)) return 'usage';
  const known = reading.outcome === 'hit' || reading.outcome === 'negative';
  if (known && output.isTerminal && raw !== true) output.data(metadataText(reading, output));
  else if (known && reading.hit.unverified) output.notice('unverified: the store could not be asked');
  return exitOfReadings([reading]);
}

// Returns whether there was text to show. Terminals are spared what they would act on.
function showText(value: Buffer, output: Output): boolean {
  const text = textOf(value);
  if (text !== undefined && (!output.isTerminal || isShowable(text))) {
    output.data(`${text}\n`);
    return true;
  }
  output.notice(`The value is ${value.length} bytes that can't be shown: --raw writes them, --json tells them.`);
  return false;
}

function refuseForSeveral({ raw, ifRevisionNot }: GetOptions): void {
  if (raw === true) throw new ConfigError('--raw writes one value: give one key, or --json for several');
  if (ifRevisionNot !== undefined) throw new ConfigError('--if-revision-not belongs to one key: give one key');
}

function consistencyOf({ atLeast, latest }: GetOptions): Consistency | undefined {
  if (latest === true) return { level: { $case: 'latest', value: {} } };
  return atLeast === undefined ? undefined : { level: { $case: 'atLeast', value: { tokens: [...atLeast] } } };
}
