import { limits } from '../base/limits.ts';
import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Check, Finding } from './check.ts';
import { countText, namesText } from './figures.ts';

/** A namespace as the checks see it. */
export interface CheckedNamespace {
  readonly name: string;
  readonly usage: {
    readonly weightBytes: number;
    readonly capacityBytes: number;
    readonly evictions: number;
  };
  readonly watermarks: number;
  readonly watermarkFolds: number;
  readonly counters: {
    readonly streams: { readonly open: number; readonly resets: { readonly slow: number } };
  };
}

/** Returns the namespaces as they are now. */
export type NamespaceSource = () => MaybePromise<readonly CheckedNamespace[]>;

/** From which share on something is nearly full. */
const NEARLY = 0.9;

/**
 * Tells which namespaces are full, or nearly so: beyond their capacity they evict their own.
 *
 * @param shared the capacity is that of this node's memory alone: what leaves it is still in the store
 */
export function checkCapacity(namespaces: NamespaceSource, { shared }: { readonly shared: boolean }): Check {
  return {
    name: 'capacity',
    look: async () => {
      const full = (await namespaces()).filter(({ usage }) => usage.weightBytes >= usage.capacityBytes * NEARLY);
      const evicting = full.filter(({ usage }) => usage.evictions > 0);
      const nearly = full.filter(({ usage }) => usage.evictions === 0);
      return [
        ...(evicting.length > 0 ? [evictingOnes(evicting, shared)] : []),
        ...(nearly.length > 0 ? [nearlyFull(nearly)] : []),
      ];
    },
  };
}

/** Tells which namespaces lost the memory of single invalidations, or soon will: more is invalidated than asked for. */
export function checkWatermarks(namespaces: NamespaceSource): Check {
  return {
    name: 'watermarks',
    look: async () => {
      const all = await namespaces();
      const folded = all.filter(({ watermarkFolds }) => watermarkFolds > 0);
      const nearlyMax = limits.watermarksPerNamespaceMax * NEARLY;
      const nearly = all.filter(({ watermarks, watermarkFolds }) => watermarkFolds === 0 && watermarks >= nearlyMax);
      return [...(folded.length > 0 ? [foldedOnes(folded)] : []), ...(nearly.length > 0 ? [soonFolding(nearly)] : [])];
    },
  };
}

/** Tells which namespaces have subscribers that are too slow, and when there is no room for more. */
export function checkSubscribers(namespaces: NamespaceSource): Check {
  return {
    name: 'subscribers',
    look: async () => {
      const all = await namespaces();
      const slow = all.filter(({ counters }) => counters.streams.resets.slow > 0);
      const open = all.reduce((sum, { counters }) => sum + counters.streams.open, 0);
      const isCrowded = open >= limits.subscriptionsMax * NEARLY;
      return [...(slow.length > 0 ? [slowOnes(slow)] : []), ...(isCrowded ? [crowded(open)] : [])];
    },
  };
}

function evictingOnes(full: readonly CheckedNamespace[], shared: boolean): Finding {
  const evictions = full.reduce((sum, { usage }) => sum + usage.evictions, 0);
  return {
    severity: shared ? 'info' : 'warning',
    what: `${namesOf(full)}: full; ${countText(evictions)} entries left memory to make room since the start`,
    whatToDo: 'Raise the capacity of the namespace, and --capacity if that is used up; or give entries shorter lives.',
  };
}

function nearlyFull(nearly: readonly CheckedNamespace[]): Finding {
  const what = `${namesOf(nearly)}: 90 % of the capacity are used`;
  return { severity: 'info', what, whatToDo: 'Raise the capacity before entries that are needed leave.' };
}

function foldedOnes(folded: readonly CheckedNamespace[]): Finding {
  const folds = folded.reduce((sum, { watermarkFolds }) => sum + watermarkFolds, 0);
  return {
    severity: 'warning',
    what: `${namesOf(folded)}: the table of invalidations was full ${countText(folds)} times and folded: more was invalidated than asked for`,
    whatToDo: 'Invalidate fewer different tags and prefixes, or spread them over namespaces.',
  };
}

function soonFolding(nearly: readonly CheckedNamespace[]): Finding {
  const what = `${namesOf(nearly)}: the table of invalidations is nearly full (${countText(limits.watermarksPerNamespaceMax)})`;
  return { severity: 'info', what, whatToDo: 'Invalidate fewer different tags and prefixes, or more by one prefix.' };
}

function slowOnes(slow: readonly CheckedNamespace[]): Finding {
  const resets = slow.reduce((sum, { counters }) => sum + counters.streams.resets.slow, 0);
  return {
    severity: 'warning',
    what: `${namesOf(slow)}: ${countText(resets)} times a subscriber was too slow and had to begin anew since the start`,
    whatToDo: 'Give subscribers filters or more CPU: they read slower than the namespace changes.',
  };
}

function crowded(open: number): Finding {
  const what = `${countText(open)} streams are open, of at most ${countText(limits.subscriptionsMax)}`;
  return { severity: 'warning', what, whatToDo: 'Add nodes, or share one stream among the users of a process.' };
}

function namesOf(namespaces: readonly CheckedNamespace[]): string {
  return namesText(namespaces.map(({ name }) => name));
}
