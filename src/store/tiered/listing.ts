import { judgeAgainst } from '../../cache/rules/visibility.ts';
import type { Found, PartitionPage, PartitionStore } from '../partition-store.ts';
import type { ListedEntry, Page } from '../store.ts';
import type { ControlReader } from './control-reader.ts';
import type { Home } from './home.ts';

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
  const entries = view === home.control ? judgedByItself(page) : await judgedByControl(controls, home, page);
  return { entries, next: nextPageToken(home, index, page), nowMs: page.nowMs };
}

function judgedByItself({ chain, found }: PartitionPage): ListedEntry[] {
  return found.flatMap(({ entry, covering }) =>
    entry === undefined ? [] : { entry, visibility: judgeAgainst(chain, covering, entry.stamp) },
  );
}

async function judgedByControl(controls: ControlReader, home: Home, { found }: PartitionPage): Promise<ListedEntry[]> {
  const entries = found.flatMap(({ entry }: Found) => entry ?? []);
  if (entries.length === 0) return [];
  const { visibilities } = await controls.verdict(home, entries, { kind: 'any' });
  return entries.map((entry, index) => ({ entry, visibility: visibilities[index]! }));
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
