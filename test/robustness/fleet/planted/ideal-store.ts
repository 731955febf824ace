import type { Position } from '../../../../src/cache/rules/position.ts';
import { covers, type InvalidationMode, type Selector } from '../../../../src/cache/rules/selector.ts';
import type { Change } from '../../../../src/store/store.ts';
import type { SeenChange } from '../history/fleet-history.ts';

/** An entry of the ideal store. */
export interface IdealEntry {
  readonly text: string;
  readonly tags: readonly string[];
  readonly position: Position;
  readonly stale: boolean;
}

/** Epoch of the ideal history. */
export const IDEAL_EPOCH = '00000000000000aa' as Position['epoch'];

/** What a change does, without where it comes in the log. */
export type IdealChange =
  | { readonly kind: 'set'; readonly key: string; readonly text: string; readonly tags: readonly string[] }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'invalidate'; readonly selector: Selector; readonly mode: InvalidationMode };

/** A store of one partition that is never wrong and never away. */
export class IdealStore {
  readonly log: SeenChange[] = [];
  readonly #entries = new Map<string, IdealEntry>();

  /** The newest change. */
  get head(): Position {
    return { epoch: IDEAL_EPOCH, number: this.log.length };
  }

  /** Returns an entry that can be seen. */
  entry(key: string): IdealEntry | undefined {
    return this.#entries.get(key);
  }

  /** Applies a change on behalf of a call; returns its position. */
  apply(change: IdealChange, traceparent: string, atMs: number): Position {
    const position = { epoch: IDEAL_EPOCH, number: this.log.length + 1 };
    const author = { actor: 'anonymous', origin: '', traceparent };
    const tags = change.kind === 'set' ? change.tags : [];
    const base = { namespaceId: 'n' as Change['namespaceId'], partition: 0, position, author, tags };
    this.log.push({ change: { ...base, ...withoutText(change) }, seenMs: atMs });
    this.#do(change, position);
    return position;
  }

  #do(change: IdealChange, position: Position): void {
    if (change.kind === 'set') {
      const { text, tags } = change;
      this.#entries.set(change.key, { text, tags, position, stale: false });
    } else if (change.kind === 'delete') this.#entries.delete(change.key);
    else {
      for (const [key, entry] of this.#entries) {
        if (!covers(change.selector, { key, tags: entry.tags })) continue;
        if (change.mode === 'remove') this.#entries.delete(key);
        else this.#entries.set(key, { ...entry, stale: true });
      }
    }
  }
}

function withoutText(change: IdealChange) {
  if (change.kind !== 'set') return change;
  const { kind, key } = change;
  return { kind, key };
}
