import { Command, InvalidArgumentError, Option } from 'commander';
import { AdminServiceService } from '../../gen/reprise/v1/admin_service.ts';
import type { Namespace } from '../../gen/reprise/v1/namespace.ts';
import { type ClientContext, onCall } from '../client-command.ts';
import { confirm } from '../confirm.ts';
import type { ExitName } from '../exit-codes.ts';
import { listNamespaces } from '../list-namespaces.ts';
import { addSettingOptions, givenSettings } from '../namespace-options.ts';
import { fieldsText } from '../print-table.ts';
import { namespaceJson, namespacesText, namespaceText } from '../show-namespace.ts';
import { teach } from '../teach.ts';

interface Options {
  readonly json?: true;
  readonly yes?: true;
  readonly ifVersion?: bigint;
}

const JSON_HELP = 'print one JSON object a namespace, on a line of its own';

/** Makes `reprise namespaces`. */
export function namespacesCommand(): Command {
  const command = new Command('namespaces').description(
    'Lists, creates, changes and deletes namespaces: each has its own keys, lifetimes, limits and memory.',
  );
  for (const sub of [listCommand(), getCommand(), createCommand(), updateCommand(), deleteCommand()]) {
    command.addCommand(sub);
  }
  return teach(command, {
    examples: [
      ['what there is', 'reprise namespaces list'],
      [
        'one for pages, with less memory and short lives',
        'reprise namespaces create pages --capacity 16MiB --default-ttl 5m',
      ],
      ['use it', 'reprise set / hello -n pages'],
    ],
    next: 'Each of them has its own help: `reprise namespaces create --help`.',
  });
}

function listCommand(): Command {
  const command = new Command('list').description('Lists all namespaces.').option('--json', JSON_HELP);
  return teach(
    onAdminCall(command, async ({ connection, output }) => {
      const namespaces = await listNamespaces(connection);
      if (command.opts<Options>().json !== true) output.data(namespacesText(namespaces));
      else for (const namespace of namespaces) output.json(namespaceJson(namespace));
      return 'done';
    }),
    {
      examples: [
        ['a table', 'reprise namespaces list'],
        ['the names', 'reprise namespaces list --json | jq -r .name'],
      ],
    },
  );
}

function getCommand(): Command {
  const command = new Command('get').description('Shows one namespace with all its settings.');
  command.argument('<NAME>', 'the namespace').option('--json', JSON_HELP);
  return teach(
    onAdminCall(command, async (context) => {
      const [name] = command.args as [string];
      const { namespace } = await context.connection.call(AdminServiceService.getNamespace, { name });
      return show(context, namespace, command.opts());
    }),
    {
      examples: [
        ['all settings', 'reprise namespaces get default'],
        ['one figure', 'reprise namespaces get default --json | jq .settings.capacityBytes'],
      ],
      next: 'What happens in it: `reprise stats NAME`.',
    },
  );
}

function createCommand(): Command {
  const command = new Command('create').description('Creates a namespace.');
  command
    .argument('<NAME>', 'small letters, digits, dots, dashes and underscores; up to 63')
    .option('--json', JSON_HELP);
  addSettingOptions(command, { withDefaults: true });
  return teach(
    onAdminCall(command, async (context) => {
      const request = { name: command.args[0]!, settings: givenSettings(command) };
      const { namespace } = await context.connection.call(AdminServiceService.createNamespace, request);
      return show(context, namespace, command.opts());
    }),
    {
      examples: [
        ['with the defaults', 'reprise namespaces create pages'],
        ['with its own', 'reprise namespaces create pages --capacity 16MiB --default-ttl 5m --ttl-jitter-ratio 0.1'],
      ],
      next: 'Use it with -n: `reprise set / hello -n pages`.',
    },
  );
}

function updateCommand(): Command {
  const command = new Command('update').description(
    'Changes the settings that are given. Entries keep the lifetimes they were set with.',
  );
  command.argument('<NAME>', 'the namespace').addOption(ifVersionOption()).option('--json', JSON_HELP);
  addSettingOptions(command, { withDefaults: false });
  return teach(
    onAdminCall(command, async (context) => {
      const { ifVersion: expectedVersion, ...options } = command.opts<Options>();
      const request = { name: command.args[0]!, settings: givenSettings(command), expectedVersion };
      const { namespace } = await context.connection.call(AdminServiceService.updateNamespace, request);
      return show(context, namespace, options);
    }),
    {
      examples: [
        ['more memory', 'reprise namespaces update pages --capacity 64MiB'],
        ['only if nobody changed it since', 'reprise namespaces update pages --max-ttl 1d --if-version 3'],
      ],
    },
  );
}

function deleteCommand(): Command {
  const command = new Command('delete').description('Deletes a namespace and all its entries at once; asks first.');
  command.argument('<NAME>', 'the namespace').addOption(ifVersionOption());
  command.option('--yes', 'do not ask').option('--json', 'print one JSON object');
  return teach(
    onAdminCall(command, (context) => remove(context, command.args[0]!, command.opts())),
    {
      examples: [
        ['ask, then delete', 'reprise namespaces delete pages'],
        ['in a script', 'reprise namespaces delete pages --yes'],
      ],
      next: 'To empty a namespace and keep it: `reprise invalidate --all -n NAME`.',
    },
  );
}

async function remove({ connection, output }: ClientContext, name: string, options: Options): Promise<ExitName> {
  if (options.yes !== true && !(await confirm(`Delete the namespace ${name} and all its entries?`))) {
    output.notice('nothing was deleted');
    return 'no';
  }
  const request = { name, expectedVersion: options.ifVersion };
  const { durable } = await connection.call(AdminServiceService.deleteNamespace, request);
  if (options.json === true) output.json({ name, outcome: 'deleted', durable });
  else output.data(fieldsText({ deleted: name }));
  return 'done';
}

function show({ output }: ClientContext, namespace: Namespace | undefined, { json }: Options): ExitName {
  if (namespace !== undefined && json === true) output.json(namespaceJson(namespace));
  if (namespace !== undefined && json !== true) output.data(namespaceText(namespace));
  return 'done';
}

// The namespace is an argument of these, or no matter.
function onAdminCall(command: Command, act: (context: ClientContext) => Promise<ExitName>): Command {
  return onCall(command, act, { withoutNamespace: true });
}

function ifVersionOption(): Option {
  const help = 'only if the namespace has this version, as `namespaces get` shows it';
  return new Option('--if-version <N>', help).argParser((text) => {
    if (/^\d{1,19}$/.test(text)) return BigInt(text);
    throw new InvalidArgumentError('expected a whole number');
  });
}
