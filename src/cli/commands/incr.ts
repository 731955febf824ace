import { Command, InvalidArgumentError, Option } from 'commander';
import { CacheServiceService, NotIncrementedReason } from '../../gen/reprise/v1/cache_service.ts';
import { type ClientContext, onCall } from '../client-command.ts';
import { enumName } from '../enum-name.ts';
import type { ExitName } from '../exit-codes.ts';
import { type LifetimeOptions, ttlOption } from '../lifetime-options.ts';
import { requestIdOption } from '../request-id-option.ts';
import { showChange } from '../show-change.ts';
import { teach } from '../teach.ts';
import { unknownAnswer } from '../unknown-answer.ts';

interface IncrOptions extends Pick<LifetimeOptions, 'ttl'> {
  readonly initial?: bigint;
  readonly requestId?: string;
  readonly json?: true;
}

/** Makes `reprise incr`. */
export function incrCommand(): Command {
  const command = new Command('incr')
    .description('Adds to a counter, and prints what it is now. A counter is a whole number of 64 bits, as text.')
    .argument('<KEY>', 'the key')
    .argument('[BY]', 'what to add; negative to subtract (default: 1)', wholeNumber)
    .addOption(new Option('--initial <N>', 'what an absent counter counts from (default: 0)').argParser(wholeNumber))
    .addOption(ttlOption('how long a new counter lives; one that exists keeps its end'))
    .addOption(requestIdOption())
    .option('--json', 'print one JSON object');
  return teach(
    onCall(command, (context) => incr(context, command, command.opts())),
    {
      examples: [
        ['one more', 'reprise incr plays:63'],
        ['five fewer', 'reprise incr stock:8 -5'],
        ['requests of a minute, counted from its first', 'reprise incr rate:alice --ttl 1m'],
      ],
      next: 'If the value is no counter, or the sum does not fit into 64 bits, the command ends with 3.',
    },
  );
}

async function incr(context: ClientContext, command: Command, options: IncrOptions): Promise<ExitName> {
  const [key, by = 1n] = command.processedArgs as [string, bigint | undefined];
  const { initial = 0n, ttl, requestId = '' } = options;
  const request = { namespace: context.namespace, key, delta: by, initial, ttl, requestId };
  const { result } = await context.connection.call(CacheServiceService.increment, request);
  if (result === undefined) throw unknownAnswer();
  if (result.$case === 'notIncremented') {
    const refusal = enumName(NotIncrementedReason, result.value.reason);
    return showChange(context.output, options, { key, outcome: result.$case, refusal, facts: result.value });
  }
  // Text, since JSON's numbers lose what is beyond 2^53.
  const facts = { ...result.value, value: String(result.value.value) };
  return showChange(context.output, options, { key, outcome: result.$case, facts });
}

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

function wholeNumber(text: string): bigint {
  const number = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  if (number !== undefined && number >= INT64.min && number <= INT64.max) return number;
  throw new InvalidArgumentError('expected a whole number of 64 bits, such as 5 or -5');
}
