import { Command } from 'commander';
import { CacheServiceService } from '../../gen/reprise/v1/cache_service.ts';
import { type ClientContext, onCall } from '../client-command.ts';
import type { ExitName } from '../exit-codes.ts';
import { type LifetimeOptions, staleWindowOption, ttlOption } from '../lifetime-options.ts';
import { requestIdOption } from '../request-id-option.ts';
import { showChange } from '../show-change.ts';
import { teach } from '../teach.ts';
import { unknownAnswer } from '../unknown-answer.ts';

interface TouchOptions extends LifetimeOptions {
  readonly requestId?: string;
  readonly json?: true;
}

/** Makes `reprise touch`. */
export function touchCommand(): Command {
  const command = new Command('touch')
    .description('Gives a fresh entry a new lifetime, from now on. A stale entry is not brought back.')
    .argument('<KEY>', 'the key')
    .addOption(ttlOption())
    .addOption(staleWindowOption())
    .addOption(requestIdOption())
    .option('--json', 'print one JSON object');
  return teach(
    onCall(command, (context) => touch(context, command.args, command.opts())),
    {
      examples: [
        ['another hour', 'reprise touch session:9 --ttl 1h'],
        ["the namespace's own lifetime again", 'reprise touch session:9'],
      ],
      next: 'If there is no fresh entry, the command ends with 3.',
    },
  );
}

async function touch(context: ClientContext, [key]: readonly string[], options: TouchOptions): Promise<ExitName> {
  const { ttl, staleWindow, requestId = '' } = options;
  const request = { namespace: context.namespace, key: key!, ttl, staleWindow, requestId };
  const { result } = await context.connection.call(CacheServiceService.touch, request);
  if (result === undefined) throw unknownAnswer();
  const change = { key: key!, outcome: result.$case, facts: result.value };
  const refused = result.$case === 'notTouched' && { refusal: result.value.contended ? 'CONTENDED' : 'ABSENT' };
  return showChange(context.output, options, { ...change, ...refused });
}
