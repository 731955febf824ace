import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openSpool } from '../../src/store/file/open-spool.ts';
import type { DeferredInvalidation, Spool } from '../../src/store/spool.ts';
import type { NamespaceId } from '../../src/store/store.ts';

/** Makes a directory for a spool, which goes with the test. */
export function spoolDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'reprise-spool-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Opens a spool that is closed with the test. */
export async function openedSpool(context: TestContext, directory = spoolDirectory(context)): Promise<Spool> {
  const spool = await openSpool(directory);
  context.after(() => spool.close());
  return spool;
}

/** Returns a deferred invalidation of one tag. */
export function someDeferred(tag: string, more: Partial<DeferredInvalidation> = {}): DeferredInvalidation {
  return {
    namespaceId: 'n1' as NamespaceId,
    namespace: 'music',
    selectors: [{ kind: 'tag', tag }],
    mode: 'remove',
    author: { actor: 'anonymous', origin: '', traceparent: '' },
    requestId: `deferred ${tag}`,
    deferredAtMs: 1_800_000_000_000,
    ...more,
  };
}

/** Returns the tags that wait in a spool, the oldest first. */
export function tagsIn(spool: Spool): string[] {
  const tags: string[] = [];
  for (let index = 0; spool.at(index) !== undefined; index++) {
    for (const selector of spool.at(index)!.selectors) if (selector.kind === 'tag') tags.push(selector.tag);
  }
  return tags;
}
