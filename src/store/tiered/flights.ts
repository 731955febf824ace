import { SlotMap } from '../../base/slot-map.ts';
import { mayJoin } from '../../cache/rules/single-flight.ts';
import type { ReadResult } from '../store.ts';

/** How fresh the answer of a read on its way will be. */
export interface FlightTime {
  /** As `rules/single-flight.ts` has it. Moved back when what the answer is judged by turns out to be older. */
  asOfMs: number;
}

/** A read of a key that is on its way to the store, which others may join. */
interface Flight extends FlightTime {
  readonly answer: Promise<ReadResult>;
}

/**
 * Single flight: concurrent reads of one key on one node become one read of the store. Whoever needs something fresher
 * than what is on its way starts its own, which later readers join instead.
 */
export class Flights {
  readonly #maxLagMs: number;
  readonly #flights = new SlotMap<string, Flight>();
  #joined = 0;

  /** @param maxLagMs milliseconds by which an answer may lag behind */
  constructor(maxLagMs: number) {
    this.#maxLagMs = maxLagMs;
  }

  /** Reads that took the answer of another one. */
  get joined(): number {
    return this.#joined;
  }

  /** Returns the answer on its way under a name, if a reader that asks now may take it. */
  join(name: string, monotonicMs: number): Promise<ReadResult> | undefined {
    const flight = this.#flights.get(name);
    if (flight === undefined || !mayJoin(flight, false, monotonicMs, this.#maxLagMs)) return undefined;
    this.#joined++;
    return flight.answer;
  }

  /** Lets nobody join the read of a name any more, or any read; who joined before has its answer. */
  seal(name?: string): void {
    if (name !== undefined) this.#flights.delete(name);
    else this.#flights.forEach((_flight, each) => void this.#flights.delete(each));
  }

  /** Starts a read that others may join until it ends. */
  start(name: string, asOfMs: number, read: (flight: FlightTime) => Promise<ReadResult>): Promise<ReadResult> {
    const time = { asOfMs };
    const flight = Object.assign(time, { answer: read(time) });
    this.#flights.set(name, flight);
    const end = (): void => {
      if (this.#flights.get(name) === flight) this.#flights.delete(name);
    };
    flight.answer.then(end, end);
    return flight.answer;
  }
}
