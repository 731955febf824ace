import { setImmediate as turn } from 'node:timers/promises';
import { OperatingError } from '../../../../src/base/operating-error.ts';
import type { EpochChain } from '../../../../src/cache/rules/epoch-chain.ts';
import type { Watermark } from '../../../../src/cache/rules/watermark-table.ts';
import type { PartitionStore } from '../../../../src/store/partition-store.ts';
import type { Change, RemovalCause, StoredEntry } from '../../../../src/store/store.ts';
import type { AuditAfter } from '../../../../src/store/tiered/audit-scales.ts';
import { Auditor } from '../../../../src/store/tiered/auditor.ts';
import { ControlReader } from '../../../../src/store/tiered/control-reader.ts';
import type { Home } from '../../../../src/store/tiered/home.ts';
import type { AuditRepair } from '../../../../src/store/tiered/key-audit.ts';
import { Reader } from '../../../../src/store/tiered/reader.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { CHAIN, entryOf, homeOn, toldOf, viewFrom } from './builders.ts';

const AGES = { maxLagMs: 500, proofAgeMsMax: 500 } as const;
const STEP_MS = 5;

/** A node whose tail is at 20, over a partition that says what the test wants, and its auditor. */
export class AuditWorld implements Disposable {
  readonly clock = new ManualClock();
  readonly view = viewFrom(20);
  readonly home: Home = homeOn(this.view);
  readonly repairs: AuditRepair[] = [];
  readonly failures: unknown[] = [];
  /** What the primary holds. */
  readonly records = new Map<string, StoredEntry>();
  chain: EpochChain = CHAIN;
  head = 20;
  absence: RemovalCause = 'unknown';
  newestWatermark = 0;
  covering: Watermark = { removed: 0, stale: 0 };
  reachable = true;
  isOpen = true;
  /** How many keys each question to the primary was about. */
  readonly reads: number[] = [];
  /** How often a heartbeat was wanted. */
  asked = 0;
  chance = 0;
  readonly auditor: Auditor;
  readonly #partitions: Pick<PartitionStore, 'read' | 'covering'> = {
    read: async (_partition, _namespaceId, keys) => {
      if (!this.reachable) throw new OperatingError('STORE_UNAVAILABLE', 'cut');
      this.reads.push(keys.length);
      const found = keys.map((key) => ({ entry: this.records.get(key), absence: this.absence }));
      return { ...this.#told(), found, newestWatermark: this.newestWatermark };
    },
    covering: async (_partition, _namespaceId, entries) => ({
      ...this.#told(),
      covering: entries.map(() => this.covering),
    }),
  };

  constructor(perSecond = 10) {
    const { clock, home } = this;
    home.watermarks.take(home.watermarks.ask(20), { chain: CHAIN, head: 20, rows: [] });
    const partitions = this.#partitions as PartitionStore;
    const controls = new ControlReader({ partitions, clock, ...AGES });
    this.auditor = new Auditor({
      partitions,
      clock,
      controls,
      reader: new Reader({ partitions, clock, controls, ...AGES }),
      random: { float: () => this.chance, bytes: (count) => Buffer.alloc(count) },
      perSecond,
      ...AGES,
      homes: () => [home],
      homeOf: () => (this.isOpen ? home : undefined),
      ask: () => this.asked++,
      onRepair: (repair) => this.repairs.push(repair),
      onFailure: (cause) => this.failures.push(cause),
    });
    this.#prove();
  }

  [Symbol.dispose](): void {
    this.auditor.close();
  }

  /** Puts an entry into L1, and into the primary unless that has another. */
  hold(key: string, number: number, parts: Partial<StoredEntry> = {}): void {
    const entry = entryOf(key, number, parts);
    this.home.tier.keep(entry, 0);
    if (!this.records.has(key)) this.records.set(key, entry);
  }

  /** Tells the auditor of a change as the tail does, which has applied it. */
  hear(change: Change): void {
    this.auditor.hear({ kind: 'changed', change });
  }

  /** Lets time pass, with a proof by heartbeat in every step of it. */
  async pass(ms: number): Promise<void> {
    for (let passedMs = 0; passedMs < ms; passedMs += STEP_MS) {
      this.clock.advance(STEP_MS);
      this.#prove();
      await turn();
    }
  }

  /** What was counted on a scale: agreed, stale, read through. */
  counted(after: AuditAfter): readonly number[] {
    const { agreed, stale, read_through } = this.auditor.counts.checks[after];
    return [agreed, stale, read_through];
  }

  #prove(): void {
    const provenAtMs = this.clock.monotonicMs();
    this.view.noteProof(this.view.countBeat(), provenAtMs);
    this.view.proof = { server: 'a', provenAtMs };
  }

  #told() {
    return toldOf(this.head, { chain: this.chain, nowMs: this.clock.monotonicMs() });
  }
}
