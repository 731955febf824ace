import type { Failure, Fault } from '../../gen/reprise/testing/v1/test_service.ts';

/** What goes wrong with a call. */
export type Effect =
  | { readonly kind: 'failure'; readonly failure: Failure }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'silence' }
  | { readonly kind: 'cut' };

/** A fault as it was checked. */
export interface CheckedFault {
  readonly effect: Effect;
  readonly afterWork: boolean;
  /** Tells whether a method is concerned. */
  readonly concerns: (rpc: string) => boolean;
  /** Empty: every one. */
  readonly namespace: Fault['namespace'];
  /** Calls that it concerns yet. */
  callsLeft: number;
}

/** The faults that wait for calls. */
export class FaultTable {
  #faults: CheckedFault[] = [];

  /** Adds one. */
  add(fault: CheckedFault): void {
    this.#faults.push(fault);
  }

  /** Returns the oldest fault that concerns a call, which counts; undefined if there is none. */
  take(rpc: string, namespace: string): CheckedFault | undefined {
    const fault = this.#faults.find((each) => isFor(each, namespace) && each.concerns(rpc));
    if (fault === undefined) return undefined;
    fault.callsLeft -= 1;
    if (fault.callsLeft === 0) this.#faults = this.#faults.filter((each) => each !== fault);
    return fault;
  }

  /** Forgets those of a namespace, or all if it is empty. Returns how many there were. */
  clear(namespace: string): number {
    const before = this.#faults.length;
    this.#faults = namespace === '' ? [] : this.#faults.filter((each) => each.namespace !== namespace);
    return before - this.#faults.length;
  }
}

function isFor({ namespace }: CheckedFault, asked: string): boolean {
  return namespace === '' || namespace === asked;
}
