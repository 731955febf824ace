import { openRig } from '../../support/redis/open-rig.ts';
import type { FailoverKind, FailoverRig } from '../../support/redis/rig.ts';
import { type FailoverFigures, FailoverRun } from './failover-run.ts';

/** The shapes of Redis in which another server takes over. */
export type FailoverShape = 'sentinel' | 'cluster';

/** What became of the failovers of one kind in one shape. */
export interface KindResult {
  readonly name: string;
  readonly rounds: readonly FailoverFigures[];
  /** Why a round could not be finished: Redis itself did not come back, or writing failed for good. */
  readonly ended: string | undefined;
  /** Counters that are not what their callers know, in words; of all kinds of the shape together, with the last. */
  readonly miscounts: readonly string[];
}

/** The kinds that nobody announces. */
export const SUDDEN = ['kill', 'freeze'] as const satisfies readonly FailoverKind[];

/** Makes `count` failovers of each kind, one kind after the other, with the same clients. Ends early on a wedge. */
export async function runKinds(
  shape: FailoverShape,
  count: number,
  onRound: (name: string, round: number, figures: FailoverFigures) => void,
  kinds: readonly FailoverKind[] = SUDDEN,
): Promise<KindResult[]> {
  await using rig = (await openRig(shape)) as FailoverRig;
  await using run = await FailoverRun.open(rig);
  const results: KindResult[] = [];
  for (const kind of kinds) {
    const name = `${shape} ${kind}`;
    const rounds: FailoverFigures[] = [];
    const ended = await failOverAgain(run, kind, count, (figures) => {
      rounds.push(figures);
      onRound(name, rounds.length, figures);
    });
    const over = ended !== undefined || rounds.at(-1)!.wedged.length > 0;
    const miscounts = kind === kinds.at(-1) && !over ? await run.miscounts() : [];
    results.push({ name, rounds, ended, miscounts });
    if (over) break;
  }
  return results;
}

async function failOverAgain(
  run: FailoverRun,
  kind: FailoverKind,
  count: number,
  onRound: (figures: FailoverFigures) => void,
): Promise<string | undefined> {
  try {
    for (let round = 0; round < count; round++) {
      const figures = await run.failOver(kind);
      onRound(figures);
      if (figures.wedged.length > 0) break;
    }
    return undefined;
  } catch (failure) {
    return String(failure);
  }
}
