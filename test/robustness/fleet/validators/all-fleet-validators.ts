import { acceptedIsKept } from './accepted-is-kept.ts';
import { atLeastAsFresh } from './at-least-as-fresh.ts';
import { boundedStaleness } from './bounded-staleness.ts';
import { fleetBounded } from './fleet-bounded.ts';
import type { FleetValidator } from './fleet-validator.ts';
import { noResurrection } from './no-resurrection.ts';
import { onceOnly } from './once-only.ts';
import { oneFiller } from './one-filler.ts';
import { revisionUnique } from './revision-unique.ts';
import { streamPromises } from './stream-promises.ts';
import { writeVisible } from './write-visible.ts';

/** The promises of a fleet, each with its judge. */
export const allFleetValidators: readonly FleetValidator[] = [
  ...streamPromises,
  atLeastAsFresh,
  boundedStaleness,
  noResurrection,
  writeVisible,
  oneFiller,
  revisionUnique,
  onceOnly,
  acceptedIsKept,
  fleetBounded,
];
