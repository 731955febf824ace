import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../src/index.ts';
import { openClient } from './calls.ts';
import { type Command, type Timed, wholeUs } from './command.ts';
import { fillNear, openNear } from './near-client.ts';

/** Keys that are changed in turn. */
const KEYS = 2000;
/** Probes that follow a change each. */
const PROBES = 4;
/**
 * Milliseconds before a change at which its probe reads the old value, so that the near cache has it: twice as long
 * whenever that was too late, a tenth shorter whenever it was not.
 */
const LEAD_MS = { min: 10, max: 1000 } as const;
/** Milliseconds between two looks of a probe. */
const LOOK_MS = 1;
/** Writes under way at most: a server that falls behind is asked for less. */
const UNDER_WAY_MAX = 32;
/** Milliseconds in which a change must be seen. */
const SEEN_MS_MAX = 10_000;

/**
 * Times changes of one client, from their sending to the moment when the near cache of another one no longer serves the
 * old value. Change `n` writes `n` to key `n mod KEYS`, at a steady pace.
 */
export async function timeChanges(command: Command): Promise<Timed> {
  const { address, namespace } = command;
  await using client = await openClient(command, false);
  const writer = new Writer(client, command);
  await writer.fill();
  await using reader = await openNear(address, namespace, {});
  await fillNear(reader, keys);
  const probes = new Probes(reader, writer, command.rate);
  await Promise.all([writer.run(), ...Array.from({ length: PROBES }, () => probes.run())]);
  return { samplesUs: probes.samplesUs, perSecond: writer.perSecond };
}

const keys = Array.from({ length: KEYS }, (_, number) => `changes:${number}`);

class Writer {
  /** When each change was sent, in milliseconds; changes begin with 1. */
  readonly sentMs: number[] = [0];
  /** The last change that will be sent. */
  readonly last: number;
  perSecond = 0;
  readonly #client: Client;
  readonly #command: Command;
  #underWay = 0;
  #failure: unknown;

  constructor(client: Client, command: Command) {
    this.#client = client;
    this.#command = command;
    this.last = command.rate * command.seconds;
  }

  /** The newest change that was sent. */
  get sent(): number {
    return this.sentMs.length - 1;
  }

  async fill(): Promise<void> {
    await this.#client.setMany(keys.map((key) => ({ key, value: this.#value(0) })));
  }

  async run(): Promise<void> {
    const beganMs = performance.now();
    while (this.sent < this.last) {
      const due = Math.floor(((performance.now() - beganMs) * this.#command.rate) / 1000);
      while (this.sent < Math.min(due, this.last) && this.#underWay < UNDER_WAY_MAX) void this.#write();
      await delay(LOOK_MS);
    }
    while (this.#underWay > 0) await delay(LOOK_MS);
    if (this.#failure !== undefined) throw this.#failure;
    this.perSecond = (this.last * 1000) / (performance.now() - beganMs);
  }

  async #write(): Promise<void> {
    const change = this.sentMs.push(performance.now()) - 1;
    this.#underWay += 1;
    try {
      await this.#client.set(keys[change % KEYS]!, this.#value(change));
    } catch (error) {
      this.#failure = error;
    } finally {
      this.#underWay -= 1;
    }
  }

  #value(change: number): Buffer {
    return Buffer.from(String(change).padStart(this.#command.valueBytes, '0'));
  }
}

class Probes {
  readonly samplesUs: number[] = [];
  readonly #reader: Client;
  readonly #writer: Writer;
  readonly #rate: number;
  #leadMs: number = LEAD_MS.min;
  #target = 0;

  constructor(reader: Client, writer: Writer, rate: number) {
    this.#reader = reader;
    this.#writer = writer;
    this.#rate = rate;
  }

  async run(): Promise<void> {
    while (true) {
      const soon = this.#writer.sent + Math.ceil((this.#rate * this.#leadMs) / 1000);
      this.#target = Math.max(this.#target + 1, soon);
      if (this.#target > this.#writer.last) return;
      await this.#follow(this.#target);
    }
  }

  async #follow(change: number): Promise<void> {
    await this.#read(change);
    // Too late: it is not known whether the near cache ever had the old value.
    const isLate = this.#writer.sent >= change;
    this.#leadMs = isLate ? Math.min(LEAD_MS.max, this.#leadMs * 2) : Math.max(LEAD_MS.min, this.#leadMs * 0.9);
    if (isLate) return;
    const giveUpMs = performance.now() + SEEN_MS_MAX;
    while (true) {
      const lookedMs = performance.now();
      const seen = await this.#read(change);
      if (seen >= change) return this.#record(lookedMs - this.#writer.sentMs[change]!);
      if (lookedMs > giveUpMs) throw new Error('a change was not seen');
      await delay(LOOK_MS);
    }
  }

  /** A look before the sending went past the near cache: it says nothing. */
  #record(tookMs: number): void {
    if (tookMs >= 0) this.samplesUs.push(wholeUs(tookMs));
  }

  async #read(change: number): Promise<number> {
    const found = await this.#reader.get<Uint8Array>(keys[change % KEYS]!);
    if (found.kind !== 'hit') throw new Error('a key is gone');
    return Number(Buffer.from(found.value).toString());
  }
}
