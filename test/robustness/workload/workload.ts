import type { Coverage } from '../history/coverage.ts';
import type { History } from '../history/history.ts';

/** One kind of traffic against a real server. */
export interface Workload {
  readonly name: string;
  /** Runs it; the seed decides what is tried, not how it interleaves. */
  readonly run: (seed: number) => Promise<History>;
  /** What a run must contain at least: otherwise it says nothing. */
  readonly least: Partial<Coverage>;
}
