import { type Coverable, covers } from '../../../../src/cache/rules/selector.ts';
import type { Placed } from '../../../../src/cache/rules/token.ts';
import type { Change } from '../../../../src/store/store.ts';
import type { FleetHistory } from './fleet-history.ts';
import { Lineage, type Point } from './lineage.ts';
import type { Operation, SetOperation } from './operation.ts';

/** What one change of the log did, and on whose behalf. */
export interface Effect {
  readonly change: Change;
  readonly point: Point;
  /** When it was first seen in the log. */
  readonly seenMs: number;
  /** `undefined` for a new epoch, and for what no recorded call asked for. */
  readonly operation: Operation | undefined;
}

/** What really happened, by Redis' own log and by what callers asked for: never by what nodes said. */
export class Truth {
  readonly history: FleetHistory;
  readonly lineages: ReadonlyMap<number, Lineage>;
  /** In the order of the log. */
  readonly effects: readonly Effect[];
  /** Changes of one key, whatever their kind. */
  readonly #ofKey = new Map<string, Effect[]>();
  /** Changes of a tag, a prefix or everything. */
  readonly #wide: Effect[] = [];
  readonly #ofOperation = new Map<string, Effect[]>();
  readonly #operations: ReadonlyMap<string, Operation>;
  readonly #touched = new Set<string>();
  readonly #texts = new Map<string, SetOperation>();
  readonly #partitionOfEpoch = new Map<string, number | undefined>();

  constructor(history: FleetHistory) {
    this.history = history;
    this.lineages = lineagesOf(history);
    this.#operations = new Map(history.operations.map((operation) => [operation.id, operation]));
    for (const operation of history.operations) {
      if (operation.kind === 'set') this.#texts.set(operation.text, operation);
      if (operation.kind === 'touch') this.#touched.add(operation.key);
    }
    this.effects = history.log.flatMap(({ change, seenMs }) => {
      const point = this.pointOf(change);
      const operation = this.#operations.get(change.author?.traceparent ?? '');
      return point === undefined ? [] : [{ change, point, seenMs, operation }];
    });
    for (const effect of this.effects) this.#file(effect);
  }

  /** Returns where a position lies; `undefined` if nobody saw its epoch. */
  pointOf({ partition, position }: Placed): Point | undefined {
    return this.lineages.get(partition)?.pointOf(position);
  }

  /** Returns the partition of an epoch; `undefined` if nobody saw it. */
  partitionOfEpoch(epoch: string): number | undefined {
    if (!this.#partitionOfEpoch.has(epoch)) {
      const found = [...this.lineages].find(([, lineage]) => lineage.knows(epoch));
      this.#partitionOfEpoch.set(epoch, found?.[0]);
    }
    return this.#partitionOfEpoch.get(epoch);
  }

  /** Returns where the change lies that a revision names. */
  pointOfRevision(key: string, revision: string): Point | undefined {
    const partition = this.history.partitionOf.get(key);
    const [epoch, number] = revision.split('-');
    if (partition === undefined || epoch === undefined) return undefined;
    return this.pointOf({
      partition,
      position: { epoch: epoch as Placed['position']['epoch'], number: Number(number) },
    });
  }

  /** Returns the Set that wrote a text. */
  setOf(text: string): SetOperation | undefined {
    return this.#texts.get(text);
  }

  /** Returns what a call did, its repetitions and what nodes made again included. */
  effectsOf({ id }: Operation): readonly Effect[] {
    return this.#ofOperation.get(id) ?? [];
  }

  /** Tells whether any call gave a key's entry another lifetime. */
  isTouched(key: string): boolean {
    return this.#touched.has(key);
  }

  /** Returns the changes of one key, wide ones not. */
  changesOf(key: string): readonly Effect[] {
    return this.#ofKey.get(key) ?? [];
  }

  /** Returns all changes that cover an entry: of its key, and wide ones. */
  covering(entry: Coverable): readonly Effect[] {
    const wide = this.#wide.filter(({ change }) => change.kind === 'invalidate' && covers(change.selector, entry));
    return [...this.changesOf(entry.key), ...wide];
  }

  #file(effect: Effect): void {
    const { change, operation } = effect;
    if (operation !== undefined) append(this.#ofOperation, operation.id, effect);
    if (change.kind === 'epoch') return;
    const key =
      change.kind !== 'invalidate' ? change.key : change.selector.kind === 'key' ? change.selector.key : undefined;
    if (key === undefined) this.#wide.push(effect);
    else append(this.#ofKey, key, effect);
  }
}

/** Tells whether an effect is part of the history, as far as is known. */
export function stands({ point }: Pick<Effect, 'point'>): boolean {
  return point.lostMs === undefined;
}

/** Tells whether the caller was told of this very effect; what a node made again, it was not. */
export function isAcknowledged({ change, operation }: Effect): boolean {
  if (operation?.outcome.kind !== 'applied') return false;
  return operation.outcome.token.some(
    ({ partition, position }) =>
      partition === change.partition &&
      position.epoch === change.position.epoch &&
      position.number >= change.position.number,
  );
}

function lineagesOf({ chains }: FleetHistory): Map<number, Lineage> {
  const partitions = new Set(chains.map(({ partition }) => partition));
  return new Map(
    [...partitions].map((each) => [
      each,
      new Lineage(
        each,
        chains.filter(({ partition }) => partition === each),
      ),
    ]),
  );
}

function append(map: Map<string, Effect[]>, name: string, effect: Effect): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [effect]);
  else known.push(effect);
}
