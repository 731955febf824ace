import { Command, Option } from 'commander';
import { waitingClock } from '../../base/clock.ts';
import { parseDurationMs } from '../../config/durations.ts';
import { AdminServiceService } from '../../gen/reprise/v1/admin_service.ts';
import { type ClientContext, onCall } from '../client-command.ts';
import type { Connection } from '../connection.ts';
import type { ExitName } from '../exit-codes.ts';
import { listNamespaces } from '../list-namespaces.ts';
import type { Output } from '../output.ts';
import { repeatEvery } from '../repeat-every.ts';
import { type Figures, figuresJson, figuresTable, figuresText, type Measured, ratesBetween } from '../stats-figures.ts';
import { teach } from '../teach.ts';
import { untilInterrupted } from '../until-interrupted.ts';

interface StatsOptions {
  readonly json?: true;
  /** Milliseconds. */
  readonly watch?: number;
}

const WATCH_RANGE = { min: 100, max: 3_600_000 };
/** Calls at the same time: far below what one connection may have. */
const CALLS_AT_ONCE = 50;
const HOME_AND_CLEAR = '\u001b[H\u001b[J';

/** Makes `reprise stats`. */
export function statsCommand(): Command {
  const command = new Command('stats')
    .description('Shows what namespaces hold, and what happened in them since the server started.')
    .argument('[NAMESPACE]', 'only this one, in full (default: a table of all)')
    .addOption(
      new Option('--watch [INTERVAL]', 'show them again and again, with rates per second')
        .preset('1s')
        .argParser((text) => parseDurationMs(text, '--watch', WATCH_RANGE)),
    )
    .option('--json', 'print one JSON object a namespace, on a line of its own');
  return teach(
    onCall(command, (context) => stats(context, command.args[0], command.opts()), { withoutNamespace: true }),
    {
      examples: [
        ['all namespaces', 'reprise stats'],
        ['one, every two seconds, until Ctrl-C', 'reprise stats default --watch 2s'],
        ['the hit ratio, for a program', "reprise stats default --json | jq '.hits / (.hits + .misses)'"],
      ],
      next: 'A low hit ratio with many evictions says: more --capacity. With many expirations: a longer TTL.',
    },
  );
}

async function stats(context: ClientContext, name: string | undefined, options: StatsOptions): Promise<ExitName> {
  const { connection, output } = context;
  const { watch: intervalMs } = options;
  if (intervalMs === undefined) {
    show(
      (await read(connection, name)).map((figures) => ({ figures })),
      name,
      options,
      output,
    );
    return 'done';
  }
  let before = new Map<string, Figures>();
  let readAtMs = 0;
  await repeatEvery(intervalMs, { clock: waitingClock, signal: untilInterrupted() }, async () => {
    const nowMs = waitingClock.monotonicMs();
    const all = await read(connection, name);
    show(
      all.map((figures) => measured(figures, before.get(figures.namespace), nowMs - readAtMs)),
      name,
      options,
      output,
    );
    before = new Map(all.map((figures) => [figures.namespace, figures]));
    readAtMs = nowMs;
  });
  return 'done';
}

async function read(connection: Connection, name: string | undefined): Promise<Figures[]> {
  const names = name === undefined ? (await listNamespaces(connection)).map((namespace) => namespace.name) : [name];
  const found: Figures[] = [];
  for (let start = 0; start < names.length; start += CALLS_AT_ONCE) {
    const some = names.slice(start, start + CALLS_AT_ONCE);
    const calls = some.map((namespace) => connection.call(AdminServiceService.getStats, { namespace }));
    found.push(...(await Promise.all(calls)));
  }
  return found;
}

function measured(figures: Figures, before: Figures | undefined, elapsedMs: number): Measured {
  return before === undefined ? { figures } : { figures, rates: ratesBetween(before, figures, elapsedMs) };
}

function show(all: readonly Measured[], name: string | undefined, { json, watch }: StatsOptions, output: Output): void {
  if (json === true) {
    for (const one of all) output.json(figuresJson(one));
    return;
  }
  const text = name === undefined ? figuresTable(all) : all.map(figuresText).join('');
  const redraws = watch !== undefined && output.isTerminal;
  output.data(redraws ? HOME_AND_CLEAR + text : text);
}
