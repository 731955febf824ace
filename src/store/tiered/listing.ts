import type { PartitionPage, PartitionStore } from '../partition-store.ts';
import type { ListedEntry, Page } from '../store.ts';
import type { ControlReader } from './control-reader.ts';
import type { Home } from './home.ts';
import { judgeFound } from './judge-found.ts';
import type { PartitionView } from './partition-view.ts';

/** Lists a namespace's entries partition by partition, from page `from`: the index of a partition, and a key in it. */
export async function listEntries(
  partitions: PartitionStore,
  controls: ControlReader,
  home: Home,
  from: string,
  entriesMax: number,
): Promise<Page> {
  const { index, after } = readPageToken(from);
  const view = home.views[index]!;
  const page = await partitions.list(view.partition, home.id, after, entriesMax);
  const entries = await judged(controls, home, view, page);
  return { entries, next: nextPageToken(home, index, page), nowMs: page.nowMs };
}

async function judged(
  controls: ControlReader,
  home: Home,
  view: PartitionView,
  page: PartitionPage,
): Promise<ListedEntry[]> {
  // A page without entries is no reason to ask the control partition.
  if (page.found.every(({ entry }) => entry === undefined)) return [];
  const { visibilities } = await judgeFound(controls, home, view, page, { kind: 'any' });
  return page.found.flatMap(({ entry }, index) =>
    entry === undefined ? [] : { entry, visibility: visibilities[index]! },
  );
}

function readPageToken(from: string): { index: number; after: string } {
  if (from === '') return { index: 0, after: '' };
  const colon = from.indexOf(':');
  return { index: Number(from.slice(0, colon)), after: from.slice(colon + 1) };
}

function nextPageToken({ views }: Home, index: number, { next }: PartitionPage): string | undefined {
  if (next !== undefined) return `${index}:${next}`;
  return index + 1 < views.length ? `${index + 1}:` : undefined;
}
