import type { SeededRandom } from '../support/seeded-random.ts';
import type { Shape } from './shapes.ts';
import { type Bounds, roomy, tight } from './timing.ts';

/** How a run is tempered: drawn from its seed, so that many runs see many kinds of trouble. */
export interface Temper {
  readonly bounds: Bounds;
  /** How often something goes wrong; 1 is about once in 80 moments. */
  readonly faultRate: number;
  readonly invalidationRate: number;
  /** Share of the invalidations that name a key. */
  readonly keyShare: number;
  /** How often near caches read. */
  readonly nearRate: number;
  /** How quickly replicas follow. */
  readonly replicationRate: number;
  readonly doorbellLossRate: number;
  readonly ttlMsMax: number;
  /** Most rows of a watermark table. */
  readonly rowsMax: number;
  /** Most epochs that a chain remembers. */
  readonly ancestorsMax: number;
}

/** Draws the temper of a run. */
export function drawTemper(random: SeededRandom, shape: Shape): Temper {
  const bounds = shape.faults === 'routine' ? roomy : tight;
  return {
    bounds,
    faultRate: random.pick([0.5, 1, 2, 4]),
    invalidationRate: random.pick([0.04, 0.12]),
    keyShare: random.pick([0.1, 0.4]),
    nearRate: random.pick([0.15, 0.5]),
    replicationRate: random.pick([0.03, 0.12]),
    doorbellLossRate: random.pick([0.03, 0.3]),
    ttlMsMax: random.pick([100, 500, 1500]),
    rowsMax: random.pick([4, 100]),
    ancestorsMax: random.pick([bounds.ancestorsMax, Math.max(16, bounds.ancestorsMax)]),
  };
}
