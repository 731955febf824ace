import assert from 'node:assert/strict';
import { revisionOf } from '../../../src/cache/revision.ts';
import { type Moment, positionIn } from '../../../src/cache/rules/moment.ts';
import type { Partition } from '../../../src/cache/rules/position.ts';
import type { Placed } from '../../../src/cache/rules/token.ts';
import type { SubscribeResponse } from '../../../src/gen/reprise/v1/invalidation_service.ts';
import type { Change } from '../../../src/store/store.ts';
import type { SharedLog } from './shared-log.ts';

/** What a judge knows beside the messages. */
export interface JudgeParts {
  readonly log: SharedLog;
  /** Tells whether the subscriber wants a change. */
  readonly wants: (change: Change) => boolean;
  /** Opens a token. */
  readonly momentOf: (token: string) => Moment;
}

/**
 * One subscriber's view of all its streams, each resumed with the newest token of the one before. Holds what it was told
 * against what really happened: NoSilentGap, Resumable and Bookmarkable, as the proto says them. Knows nothing of hubs.
 */
export class StreamJudge {
  readonly #parts: JudgeParts;
  /** The newest token. */
  #at: Moment = [];
  /** Changes that were told and lie beyond the newest token. */
  #ahead: Change[] = [];
  /** Number of the newest change that this stream told, by partition. */
  readonly #told = new Map<Partition, number>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
  }

  /** A stream is opened with what a token says. */
  opened(presented: Moment): void {
    this.#at = presented;
    this.#ahead = [];
    this.#told.clear();
  }

  /** Takes the next message. */
  take(message: NonNullable<SubscribeResponse['event']>): void {
    const moment = this.#parts.momentOf(message.value.token);
    if (message.$case === 'reset') {
      this.opened(moment);
      return;
    }
    if (message.$case === 'events') for (const { revision } of message.value.events) this.#hear(revision);
    for (const placed of moment) this.#moveTo(placed);
    this.#at = moment;
  }

  #hear(revision: string): void {
    const change = this.#changeOf(revision);
    const { partition, position } = change;
    assert.ok(this.#parts.wants(change), `nobody asked for ${revision}`);
    const before = Math.max(this.#told.get(partition) ?? 0, positionIn(this.#at, partition)?.number ?? 0);
    assert.ok(position.number > before, `in order: ${revision} of partition ${partition} comes after ${before}`);
    this.#told.set(partition, position.number);
    this.#ahead.push(change);
  }

  /** Holds a token against what was told before it. */
  #moveTo({ partition, position }: Placed): void {
    const path = this.#parts.log.pathTo(position);
    const ahead = this.#ahead.filter((change) => change.partition === partition);
    for (const change of ahead) {
      const { number } = change.position;
      assert.ok(
        number > position.number || path[number - 1] === change,
        'no token without a Reset after what was lost',
      );
    }
    this.#ahead = this.#ahead.filter(
      (change) => change.partition !== partition || change.position.number > position.number,
    );
    const from = positionIn(this.#at, partition);
    if (from === undefined) return;
    assert.ok(position.number >= from.number, 'no token stands before the one before it');
    const last = this.#parts.log.pathTo(from).at(-1);
    assert.ok(
      last === undefined || path[from.number - 1] === last,
      'no token without a Reset after one of what was lost',
    );
    for (const change of path.slice(from.number)) {
      if (this.#parts.wants(change))
        assert.ok(
          ahead.some((told) => standsFor(told, change)),
          `a gap: ${textOf(change)}`,
        );
    }
  }

  #changeOf(revision: string): Change {
    const change = this.#parts.log.changeOf(revision);
    assert.ok(change !== undefined, `${revision} never happened`);
    return change;
  }
}

function standsFor(told: Change, change: Change): boolean {
  if (told === change) return true;
  if (told.kind !== 'set' || change.kind !== 'set') return false;
  return told.key === change.key && told.position.number > change.position.number;
}

function textOf({ partition, position }: Change): string {
  return `${revisionOf(position)} of partition ${partition}`;
}
