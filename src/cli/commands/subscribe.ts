import { Command, InvalidArgumentError, Option } from 'commander';
import { durationOf } from '../../api/durations.ts';
import { waitingClock } from '../../base/clock.ts';
import { systemRandom } from '../../base/random.ts';
import { parseDurationMs } from '../../config/durations.ts';
import type { Duration } from '../../gen/google/protobuf/duration.ts';
import { EventCause, InvalidationServiceService } from '../../gen/reprise/v1/invalidation_service.ts';
import { type ClientContext, collect, onCall } from '../client-command.ts';
import type { ExitName } from '../exit-codes.ts';
import { NewsPrinter } from '../news-printer.ts';
import { Subscription } from '../subscription.ts';
import { teach } from '../teach.ts';
import { untilInterrupted } from '../until-interrupted.ts';

type CauseName = Lowercase<Exclude<keyof typeof EventCause, 'UNSPECIFIED'>>;

interface SubscribeOptions {
  readonly prefix?: readonly string[];
  readonly tag?: readonly string[];
  readonly key?: readonly string[];
  readonly cause?: readonly CauseName[];
  readonly from?: string;
  readonly progressInterval?: Duration;
  readonly includeOwn?: true;
  readonly count?: number;
  readonly json?: true;
}

const PROGRESS_RANGE = { min: 100, max: 60_000 };
const causes = Object.keys(EventCause).filter((name) => name !== 'UNSPECIFIED');

/** Makes `reprise subscribe`. */
export function subscribeCommand(): Command {
  const command = new Command('subscribe')
    .description(
      'Prints the changes of a namespace as they happen, until it is interrupted. When the connection breaks it goes on by itself where it was.',
    )
    .option('--prefix <PREFIX>', 'keys that begin with this; it ends in `:` or `/`; may be given 100 times', collect)
    .option('--tag <TAG>', 'entries that carry this tag; may be given 100 times', collect)
    .option('--key <KEY>', 'this key; may be given 1000 times', collect)
    .addOption(causeOption())
    .option('--from <TOKEN>', 'go on after this token, of a subscription or of any answer (default: from now on)')
    .addOption(progressOption())
    .option('--include-own', 'print the changes of your own --origin too')
    .option('--count <N>', 'end after so many changes', wholeCount)
    .option('--json', 'print one JSON object a line');
  return teach(
    onCall(command, (context) => subscribe(context, command.opts())),
    {
      examples: [
        ['everything', 'reprise subscribe'],
        ['what is invalidated, for a program', 'reprise subscribe --cause tag --cause prefix --cause namespace --json'],
        ["the artist's entries, from where you stopped", 'reprise subscribe --prefix artist:7: --from "$token"'],
        ['wait for one change', 'reprise subscribe --key job:5 --count 1'],
      ],
      next: `Beside changes it prints its state. READY: from here on every matching change is printed. STALE: changes may be
late, since the connection broke or the server is silent. RESET: changes may be missing, so drop what you derived.
Times are UTC. Interrupt it with Ctrl-C: it ends with 0 and tells the token to go on after.`,
    },
  );
}

async function subscribe(context: ClientContext, options: SubscribeOptions): Promise<ExitName> {
  const { connection, namespace, output, settings } = context;
  const interrupted = untilInterrupted();
  const enough = new AbortController();
  const printer = new NewsPrinter(output, waitingClock, options, () => enough.abort());
  const request = {
    namespace,
    prefixes: [...(options.prefix ?? [])],
    tags: [...(options.tag ?? [])],
    keys: [...(options.key ?? [])],
    causes: (options.cause ?? []).map((name) => EventCause[name.toUpperCase() as keyof typeof EventCause]),
    progressInterval: options.progressInterval,
    includeOwn: options.includeOwn === true,
  };
  const subscription = new Subscription({
    open: (resumeToken, signal) =>
      connection.stream(InvalidationServiceService.subscribe, { ...request, resumeToken }, signal),
    tell: (news) => printer.print(news),
    clock: waitingClock,
    random: systemRandom,
    signal: AbortSignal.any([interrupted, enough.signal]),
    resumeToken: options.from ?? '',
    readyWithinMs: settings.timeoutMs,
  });
  try {
    await subscription.run();
  } finally {
    printer.tellToken();
  }
  return 'done';
}

function causeOption(): Option {
  const choices = causes.map((name) => name.toLowerCase());
  const option = new Option(
    '--cause <CAUSE>',
    'only changes with this cause; may be given several times (default: all)',
  );
  option.choices(choices);
  return option.argParser((value: string, before: readonly string[] | undefined) => {
    if (choices.includes(value)) return collect(value, before);
    throw new InvalidArgumentError(`Allowed choices are ${choices.join(', ')}.`);
  });
}

function progressOption(): Option {
  const help = 'how long the server may be silent when nothing happens, 100ms to 1m (default: 1s)';
  return new Option('--progress-interval <DURATION>', help).argParser((text) =>
    durationOf(parseDurationMs(text, '--progress-interval', PROGRESS_RANGE)),
  );
}

function wholeCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a whole number from 1 on');
}
