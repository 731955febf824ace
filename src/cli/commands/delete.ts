import { Command } from 'commander';
import { CacheServiceService } from '../../gen/reprise/v1/cache_service.ts';
import { callErrorOfStatus } from '../call-error.ts';
import { type ClientContext, onCall } from '../client-command.ts';
import type { ExitName } from '../exit-codes.ts';
import { fieldsText, tableText } from '../print-table.ts';
import { requestIdOption } from '../request-id-option.ts';
import { changeJson } from '../show-change.ts';
import { teach } from '../teach.ts';
import { failureText } from '../tell-error.ts';

interface DeleteOptions {
  readonly requestId?: string;
  readonly json?: true;
}

/** What came of one key. */
interface Deletion {
  readonly key: string;
  readonly existed: boolean;
  /** Why the key was not deleted. */
  readonly failure?: string;
}

/** Makes `reprise delete`. */
export function deleteCommand(): Command {
  const command = new Command('delete')
    .description('Removes entries, and prints a token of the change. Removing what is not there is no error.')
    .argument('<KEY...>', 'keys to remove')
    .addOption(requestIdOption())
    .option('--json', 'print one JSON object a key, on a line of its own');
  return teach(
    onCall(command, (context) => remove(context, command.args, command.opts())),
    {
      examples: [
        ['one entry', 'reprise delete track:63'],
        ['several', 'reprise delete track:63 track:64 track:65'],
      ],
      next: 'To remove entries by tag or prefix, however many they are, see `reprise invalidate --help`.',
    },
  );
}

async function remove(context: ClientContext, keys: readonly string[], options: DeleteOptions): Promise<ExitName> {
  const { deletions, token } = await deleted(context, keys, options.requestId ?? '');
  for (const { failure } of deletions) if (failure !== undefined) context.output.notice(`reprise delete: ${failure}`);
  const applied = deletions.filter(({ failure }) => failure === undefined);
  if (options.json === true) {
    for (const { key, existed } of applied) {
      context.output.json(changeJson({ key, outcome: 'deleted', facts: { existed, token } }));
    }
  } else if (applied.length > 0) {
    const rows = applied.map(({ key, existed }) => [existed ? 'deleted' : 'was not there', key]);
    context.output.data(tableText(rows) + fieldsText({ token }));
  }
  return applied.length < deletions.length ? 'failed' : 'done';
}

async function deleted(
  { connection, namespace }: ClientContext,
  keys: readonly string[],
  requestId: string,
): Promise<{ deletions: Deletion[]; token: string }> {
  const [first, ...others] = keys;
  if (first !== undefined && others.length === 0) {
    const request = { namespace, key: first, requestId };
    const { existed, token } = await connection.call(CacheServiceService.delete, request);
    return { deletions: [{ key: first, existed }], token };
  }
  const request = { namespace, keys: [...keys], requestId };
  const { results, token } = await connection.call(CacheServiceService.batchDelete, request);
  const deletions = results.map(({ key, result }) =>
    result?.$case === 'error'
      ? { key, existed: false, failure: failureText(callErrorOfStatus(result.value)) }
      : { key, existed: result?.value === true },
  );
  return { deletions, token };
}
