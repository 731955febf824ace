import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../config/config-error.ts';
import {
  CountPrecision,
  type Invalidated,
  type InvalidateRequest,
  type InvalidateResponse,
  InvalidationMode,
  InvalidationServiceService,
  RefusedReason,
} from '../../gen/reprise/v1/invalidation_service.ts';
import { type ClientContext, collect, onCall } from '../client-command.ts';
import { confirm } from '../confirm.ts';
import { enumName } from '../enum-name.ts';
import { addExclusive } from '../exclusive-options.ts';
import type { ExitName } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { fieldsText } from '../print-table.ts';
import { requestIdOption } from '../request-id-option.ts';
import { isLate, receiptJson, receiptText, waits } from '../show-receipt.ts';
import { teach } from '../teach.ts';
import { unknownAnswer } from '../unknown-answer.ts';

interface InvalidateOptions {
  readonly key?: readonly string[];
  readonly tag?: readonly string[];
  readonly prefix?: string;
  readonly all?: true;
  readonly mode: keyof typeof modes;
  readonly dryRun?: true;
  readonly affectedMax?: bigint;
  readonly yes?: true;
  readonly requestId?: string;
  readonly deferred?: true;
  readonly wait?: keyof typeof waits;
  readonly json?: true;
}

const modes = { remove: InvalidationMode.REMOVE, 'mark-stale': InvalidationMode.MARK_STALE } as const;

/** Makes `reprise invalidate`. */
export function invalidateCommand(): Command {
  const command = new Command('invalidate').description(
    'Tells the cache that the source has changed. By tag, prefix or as a whole it takes the same short time, however many entries are covered; nothing computed before is visible afterwards.',
  );
  addExclusive(
    command,
    new Option('--key <KEY>', 'this key; may be given 1000 times').argParser(collect),
    new Option('--tag <TAG>', 'all entries that carry this tag; may be given 100 times').argParser(collect),
    new Option('--prefix <PREFIX>', 'all keys that begin with this; it ends in `:` or `/`'),
    new Option('--all', 'all entries of the namespace; asks first'),
  );
  const wait = new Option('--wait <HOW-FAR>', 'answer when every node has applied it, or also told its subscribers');
  const mode = new Option('--mode <MODE>', 'what happens to the entries: gone, or stale from now on');
  command
    .addOption(mode.choices(Object.keys(modes)).default('remove'))
    .option('--dry-run', 'only count what would be affected')
    .option('--affected-max <N>', 'do nothing if more entries than this would be affected', count)
    .option('--yes', 'do not ask before --all')
    .addOption(requestIdOption())
    .option('--deferred', 'while Redis is away, let the node keep it and make it later; the node needs --spool')
    .addOption(wait.choices(Object.keys(waits)))
    .option('--json', 'print one JSON object');
  return teach(
    onCall(command, (context) => invalidate(context, command.opts())),
    {
      examples: [
        ["everything that was made from the artist's data", 'reprise invalidate --tag artist:7'],
        ['let callers who allow stale entries go on with them', 'reprise invalidate --tag chart --mode mark-stale'],
        ['and wait until no node serves anything older', 'reprise invalidate --tag artist:7 --wait nodes'],
        ['everything, but only if it is little', 'reprise invalidate --all --affected-max 1000 --yes'],
      ],
      next: 'The token that is printed makes a read at least as new: `reprise get KEY --at-least TOKEN`.',
    },
  );
}

async function invalidate(
  { connection, namespace, output }: ClientContext,
  options: InvalidateOptions,
): Promise<ExitName> {
  const { mode, dryRun = false, affectedMax, requestId = '', deferred = false, wait = 'accepted' } = options;
  const selector = selectorOf(options);
  if (options.all === true && options.yes !== true && !dryRun) {
    if (!(await confirm(`Invalidate all entries of the namespace ${namespace}?`))) {
      output.notice('nothing was invalidated');
      return 'no';
    }
  }
  const { result } = await connection.call(InvalidationServiceService.invalidate, {
    namespace,
    selector,
    mode: modes[mode],
    dryRun,
    affectedMax,
    requestId,
    deferred,
    wait: waits[wait],
  });
  if (result === undefined) throw unknownAnswer();
  if (options.json === true) output.json(jsonOf(result));
  else tell(result, output);
  if (result.$case === 'refused') return 'no';
  const receipt = result.$case === 'invalidated' ? result.value.receipt : undefined;
  return receipt !== undefined && isLate(receipt, waits[wait]) ? 'no' : 'done';
}

type Result = NonNullable<InvalidateResponse['result']>;

function jsonOf({ $case: outcome, value }: Result): Record<string, unknown> {
  if ('token' in value) {
    const receipt = value.receipt === undefined ? {} : { receipt: receiptJson(value.receipt) };
    return value.deferred ? { outcome: 'deferred' } : { outcome, token: value.token, ...receipt };
  }
  const affected = Number(value.affected);
  if ('precision' in value) return { outcome, affected, precision: enumName(CountPrecision, value.precision) };
  return { outcome, affected, reason: enumName(RefusedReason, value.reason) };
}

function tell(result: Result, { data, notice }: Output): void {
  if (result.$case === 'invalidated') data(invalidatedText(result.value));
  if (result.$case === 'counted') {
    const { affected, precision } = result.value;
    const atLeast = precision === CountPrecision.AT_LEAST ? 'at least ' : '';
    data(fieldsText({ 'would affect': `${atLeast}${affected} ${affected === 1n ? 'entry' : 'entries'}` }));
  }
  if (result.$case === 'refused') {
    const { affected, reason } = result.value;
    notice(`refused: ${enumName(RefusedReason, reason)}, ${affected} entries were counted`);
  }
}

function invalidatedText({ token, deferred, receipt }: Invalidated): string {
  const fields = fieldsText(deferred ? { invalidated: 'deferred' } : { invalidated: 'yes', token });
  return receipt === undefined ? fields : fields + receiptText(receipt);
}

function selectorOf({ key, tag, prefix, all }: InvalidateOptions): NonNullable<InvalidateRequest['selector']> {
  if (key !== undefined) return { $case: 'keys', value: { keys: [...key] } };
  if (tag !== undefined) return { $case: 'tags', value: { tags: [...tag] } };
  if (prefix !== undefined) return { $case: 'prefix', value: prefix };
  if (all === true) return { $case: 'wholeNamespace', value: {} };
  throw new ConfigError('invalidate needs one of --key, --tag, --prefix and --all');
}

function count(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('expected a whole number of entries');
}
