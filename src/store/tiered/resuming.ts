import type { Moment } from '../../cache/rules/moment.ts';
import type { Partition, Position } from '../../cache/rules/position.ts';
import { type ResumeStep, resumeStep } from '../../cache/rules/resume.ts';
import type { Placed } from '../../cache/rules/token.ts';
import type { PartitionView } from './partition-view.ts';

/**
 * Returns a moment in the epochs in force once the node can tell what follows it. It waits while it lags behind, and,
 * where it does not know an epoch, until it has proven that it knows the newest. `undefined` if the moment names what
 * was lost or never was, or the signal is aborted.
 */
export async function resumableMoment(
  { views, ask }: Asked,
  moment: Moment,
  signal: AbortSignal,
): Promise<Moment | undefined> {
  const resumed = await Promise.all(
    moment.map(async ({ partition, position }): Promise<Placed | undefined> => {
      const view = views.get(partition);
      const step = view && (await settledStep(view, position, signal, () => ask(partition)));
      if (step?.kind !== 'after' || view?.chain === undefined) return undefined;
      return { partition, position: { epoch: view.chain.epoch, number: step.number } };
    }),
  );
  return resumed.includes(undefined) ? undefined : (resumed as Moment);
}

/** Whom to ask. */
interface Asked {
  readonly views: ReadonlyMap<Partition, PartitionView>;
  /** Asks for what a view lacks, now. */
  readonly ask: (partition: Partition) => void;
}

async function settledStep(
  view: PartitionView,
  position: Position,
  signal: AbortSignal,
  ask: () => void,
): Promise<ResumeStep> {
  const beatsBefore = view.beats;
  for (;;) {
    const step = stepNow(view, position, beatsBefore);
    if (step.kind !== 'wait' || signal.aborted) return step;
    const progress = view.progress(signal);
    ask();
    await progress;
  }
}

function stepNow(view: PartitionView, position: Position, beatsBefore: number): ResumeStep {
  const { chain, applied, provenBeat } = view;
  if (chain === undefined) return { kind: 'wait' };
  const current = provenBeat > beatsBefore;
  // What is no longer at hand here is read from the store's log: no floor.
  const step = resumeStep({ chain, applied, floor: 0, current }, position);
  // A proven tail is at the head: what lies beyond it never was.
  return step.kind === 'wait' && current ? { kind: 'reset' } : step;
}
