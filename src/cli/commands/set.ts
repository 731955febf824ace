import { Command, Option } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import { CacheServiceService, type SetRequest } from '../../gen/reprise/v1/cache_service.ts';
import { type Condition, NotStoredReason } from '../../gen/reprise/v1/entry.ts';
import { type ClientContext, collect, onCall } from '../client-command.ts';
import { enumName } from '../enum-name.ts';
import { addExclusive } from '../exclusive-options.ts';
import type { ExitName } from '../exit-codes.ts';
import { type LifetimeOptions, staleWindowOption, ttlOption } from '../lifetime-options.ts';
import { readValue } from '../read-value.ts';
import { requestIdOption } from '../request-id-option.ts';
import { showChange } from '../show-change.ts';
import { teach } from '../teach.ts';
import { unknownAnswer } from '../unknown-answer.ts';

interface SetOptions extends LifetimeOptions {
  readonly file?: string;
  readonly negative?: true;
  readonly tag?: readonly string[];
  readonly contentType?: string;
  readonly ifAbsent?: true;
  readonly ifPresent?: true;
  readonly ifRevision?: string;
  readonly ifFence?: string;
  readonly requestId?: string;
  readonly json?: true;
}

/** Makes `reprise set`. */
export function setCommand(): Command {
  const command = new Command('set')
    .description('Writes an entry, and prints its revision, how long it lives, and a token of the change.')
    .argument('<KEY>', 'the key, 1 to 1024 bytes')
    .argument('[VALUE]', 'the value as text; - reads it from standard input')
    .option('--file <FILE>', 'take the value from a file, byte for byte')
    .option('--negative', 'remember that the source has nothing under this key, for 60s at most')
    .addOption(ttlOption())
    .addOption(staleWindowOption())
    .option('--tag <TAG>', 'a tag that `invalidate --tag` can name; may be given 16 times', collect)
    .option('--content-type <TYPE>', 'what kind of value this is; returned as it is');
  addExclusive(
    command,
    new Option('--if-absent', 'write only if there is no fresh entry'),
    new Option('--if-present', 'write only if there is a fresh entry'),
    new Option('--if-revision <REVISION>', 'write only if the entry has this revision'),
    new Option('--if-fence <FENCE>', 'write only if nothing changed since the miss that gave this fence'),
  );
  command.addOption(requestIdOption()).option('--json', 'print one JSON object');
  return teach(
    onCall(command, (context) => set(context, command.args, command.opts())),
    {
      examples: [
        [
          'for ten minutes, or until the artist changes',
          "reprise set track:63 'Karma Police' --ttl 10m --tag artist:7",
        ],
        ['a file, byte for byte', 'reprise set cover:7 --file cover.jpg --content-type image/jpeg'],
        ['what another program prints', 'date | reprise set build:time -'],
        ['only if nobody was faster', 'reprise set job:5 mine --if-absent --ttl 30s'],
      ],
      next: 'A condition that does not hold is no error: the command says why, and ends with 3.',
    },
  );
}

async function set(context: ClientContext, [key, argument]: readonly string[], options: SetOptions): Promise<ExitName> {
  const { ttl, staleWindow, tag = [], contentType = '', requestId = '' } = options;
  const { result } = await context.connection.call(CacheServiceService.set, {
    namespace: context.namespace,
    key: key!,
    content: await contentOf(argument, options),
    contentType,
    tags: [...tag],
    ttl,
    staleWindow,
    condition: conditionOf(options),
    requestId,
  });
  if (result === undefined) throw unknownAnswer();
  const change = { key: key!, outcome: result.$case, facts: result.value };
  const refused = result.$case === 'notStored' && { refusal: enumName(NotStoredReason, result.value.reason) };
  return showChange(context.output, options, { ...change, ...refused });
}

async function contentOf(argument: string | undefined, { file, negative }: SetOptions): Promise<SetRequest['content']> {
  const given = [argument, file, negative].filter((source) => source !== undefined).length;
  if (given !== 1) {
    throw new ConfigError('set needs one of VALUE, - for standard input, --file FILE and --negative');
  }
  if (negative === true) return { $case: 'negative', value: {} };
  return { $case: 'value', value: await readValue({ argument, file }) };
}

function conditionOf({ ifAbsent, ifPresent, ifRevision, ifFence }: SetOptions): Condition | undefined {
  if (ifAbsent === true) return { kind: { $case: 'absent', value: {} } };
  if (ifPresent === true) return { kind: { $case: 'present', value: {} } };
  if (ifRevision !== undefined) return { kind: { $case: 'revision', value: ifRevision } };
  return ifFence === undefined ? undefined : { kind: { $case: 'fence', value: ifFence } };
}
