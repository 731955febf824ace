import type { Placed } from '../../../../src/cache/rules/token.ts';
import type { TokenSealer } from '../../../../src/cache/token-sealer.ts';
import type { FleetHistory, Sample, SeenFault } from './fleet-history.ts';
import type { FleetSession } from './fleet-session.ts';
import type { LogObserver } from './log-observer.ts';
import type { Grant, Operation, Reading } from './operation.ts';

type Writable<T> = { -readonly [Field in keyof T]: T[Field] };

/** Writes down what callers asked, what they were answered and what was done to the fleet, by one clock. */
export class FleetRecorder {
  readonly operations: Operation[] = [];
  readonly readings: Reading[] = [];
  readonly grants: Writable<Grant>[] = [];
  readonly sessions: (() => FleetSession)[] = [];
  readonly faults: SeenFault[] = [];
  readonly samples: Sample[] = [];
  /** Keys that were used. */
  readonly keys = new Set<string>();
  readonly #tokens: TokenSealer;

  /** @param tokens opens the tokens of the fleet */
  constructor(tokens: TokenSealer) {
    this.#tokens = tokens;
  }

  /** Returns what a token says; nothing if it is none of this deployment. */
  open(token: string): readonly Placed[] {
    return this.#tokens.open(token)?.positions ?? [];
  }

  /** Returns the id of the namespace that a token is of. */
  namespaceOf(token: string): string | undefined {
    return this.#tokens.open(token)?.namespaceId;
  }

  /** Returns what was written down until now. */
  history(
    observer: LogObserver,
    more: Pick<
      FleetHistory,
      'maxLagMs' | 'namespaceId' | 'partitions' | 'partitionOf' | 'streamsLeft' | 'calmMs' | 'logIsWhole'
    >,
  ): FleetHistory {
    const { operations, readings, grants, faults, samples } = this;
    const { log, chains } = observer;
    const sessions = this.sessions.map((session) => session());
    return { ...more, operations, readings, grants, faults, samples, sessions, log, chains };
  }
}
