import { ComputationError } from './error-of.ts';
import { type Fields, valueIn } from './fields.ts';

interface Tally {
  begun: number;
  ended: number;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

/** The functions that scenarios compute with, and how often each was begun. */
export class Computations {
  readonly #tallies = new Map<string, Tally>();
  readonly #gates = new Map<string, Gate>();

  /** Returns how often functions of a name were begun and ended. */
  tally(name: string): Tally {
    return this.#tallies.get(name) ?? { begun: 0, ended: 0 };
  }

  /** Opens a gate, for whoever waits there and comes later. */
  release(gate: string): void {
    this.#gateOf(gate).open();
  }

  /** Opens every gate and forgets everything. */
  reset(): void {
    for (const { open } of this.#gates.values()) open();
    this.#gates.clear();
    this.#tallies.clear();
  }

  /** Returns the function that a command describes. */
  functionOf(compute: Fields): () => Promise<unknown> {
    const name = compute['name'] as string;
    return async () => {
      const tally = this.tally(name);
      this.#tallies.set(name, tally);
      tally.begun++;
      try {
        if (compute['gate'] !== undefined) await this.#gateOf(compute['gate'] as string).opened;
        if (compute['throws'] !== undefined) throw new ComputationError(compute['throws'] as string);
        return compute['nothing'] ? undefined : valueIn(compute['value']);
      } finally {
        tally.ended++;
      }
    };
  }

  #gateOf(name: string): Gate {
    const present = this.#gates.get(name);
    if (present !== undefined) return present;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    const gate = { opened, open };
    this.#gates.set(name, gate);
    return gate;
  }
}
