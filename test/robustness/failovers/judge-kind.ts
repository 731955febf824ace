import type { FailoverFigures } from './failover-run.ts';
import type { KindResult } from './run-kinds.ts';

/** Milliseconds after which the rigs take a primary for dead: `down-after-milliseconds`, `cluster-node-timeout`. */
const DOWN_AFTER_MS = 1000;

/** The bounds that are published, in milliseconds. A busy machine may miss them: how often is told. */
export const PROMISED = { readyMs: 5000, resumedMs: 2 * DOWN_AFTER_MS + 2000 } as const;

/**
 * What no machine may be too busy for, in milliseconds. Of the time until writes resume only what follows the switch:
 * when Redis makes it is not ours.
 */
const ASSERTED = { readyMs: 3 * PROMISED.readyMs, afterSwitchMs: 15_000 } as const;

/** Returns what is wrong with the failovers of one kind, in words; nothing if all is well. */
export function complaintsOf({ name, rounds, ended, miscounts }: KindResult): string[] {
  const acknowledged = sum(rounds, (round) => round.acknowledged);
  const wrong = [
    ...(ended === undefined ? [] : [`ended early: ${ended}`]),
    ...rounds.flatMap(({ wedged }) => wedged.map((what) => `a client did not come back: ${what}`)),
    ...(acknowledged === 0 ? ['nothing was written'] : []),
    ...complaint(
      sum(rounds, ({ untold }) => untold),
      'acknowledged writes were lost and not told',
    ),
    ...complaint(
      sum(rounds, ({ wronglyRefused }) => wronglyRefused),
      'tokens of kept writes were refused',
    ),
    ...complaint(
      late(rounds, ({ readyMs }) => readyMs, ASSERTED.readyMs),
      'times a connection came back far too late',
    ),
    ...complaint(late(rounds, afterSwitch, ASSERTED.afterSwitchMs), 'times writes resumed far too late'),
    ...miscounts,
  ];
  return wrong.map((what) => `${name}: ${what}`);
}

const COLUMNS = [
  'failovers',
  'moved again',
  'switched',
  'ready',
  'resumed',
  'late',
  'acknowledged',
  'lost',
  'untold',
  'wedged',
];

/** Returns the table: one line a kind; times in milliseconds as `median/longest`. */
export function tableOf(results: readonly KindResult[]): string {
  const rows = results.map(({ name, rounds }) => [
    name,
    `${rounds.length}`,
    `${sum(rounds, ({ movedAgain }) => movedAgain)}`,
    spread(rounds, ({ switchMs }) => switchMs),
    spread(rounds, ({ readyMs }) => readyMs),
    spread(rounds, ({ resumedMs }) => resumedMs),
    `${late(rounds, ({ readyMs }) => readyMs, PROMISED.readyMs)}/${late(rounds, ({ resumedMs }) => resumedMs, PROMISED.resumedMs)}`,
    `${sum(rounds, ({ acknowledged }) => acknowledged)}`,
    `${sum(rounds, ({ lost }) => lost)}`,
    `${sum(rounds, ({ untold }) => untold)}`,
    `${sum(rounds, ({ wedged }) => wedged.length)}`,
  ]);
  return [['kind', ...COLUMNS], ...rows].map(line).join('\n');
}

type Figure = (round: FailoverFigures) => number;

function afterSwitch({ resumedMs, switchMs }: FailoverFigures): number {
  return resumedMs - switchMs;
}

function spread(rounds: readonly FailoverFigures[], figure: Figure): string {
  const sorted = rounds.map(figure).toSorted((a, b) => a - b);
  const median = sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
  return `${Math.round(median)}/${Math.round(sorted.at(-1) ?? 0)}`;
}

// Where Redis moved the primary twice, times say nothing of the clients.
function late(rounds: readonly FailoverFigures[], figure: Figure, boundMs: number): number {
  return rounds.filter((round) => round.movedAgain === 0 && figure(round) > boundMs).length;
}

function sum(rounds: readonly FailoverFigures[], figure: Figure): number {
  return rounds.reduce((total, round) => total + figure(round), 0);
}

function complaint(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function line([name, ...figures]: readonly string[]): string {
  return name!.padEnd(16) + figures.map((figure) => figure.padStart(13)).join('');
}
