import type { Random } from '../../base/random.ts';
import { EPOCH_BYTES } from './position-codec.ts';

const EPOCHS_AT_ONCE = 128;

/**
 * Mints an epoch for every change, of which almost none is used: it is begun by the first script that finds the history
 * forked. None is offered twice, not even to one partition, since the first offer may have been taken by a primary that
 * was deposed.
 */
export class EpochMint {
  readonly #random: Random;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  /** Returns the 8 bytes of an epoch that nobody else has. Many are drawn at once: each draw is a call to the system. */
  mint(): Buffer {
    if (this.#at === this.#bytes.length) {
      this.#bytes = this.#random.bytes(EPOCHS_AT_ONCE * EPOCH_BYTES);
      this.#at = 0;
    }
    const from = this.#at;
    this.#at += EPOCH_BYTES;
    return this.#bytes.subarray(from, this.#at);
  }
}
