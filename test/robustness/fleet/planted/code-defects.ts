import type { RedisShape } from '../../../support/redis/rig.ts';
import type { FaultKind } from '../faults/fault.ts';

/** Something that is broken in the code of every node of a fleet. */
export interface CodeDefect {
  /** Name of the validator that must see it. */
  readonly breaks: string;
  /** A module that a node loads before its own. */
  readonly module: URL;
}

/** Defects that are planted together, and what they need to show. */
export interface PlantedFleet {
  readonly what: string;
  readonly shape: RedisShape;
  readonly kinds: readonly FaultKind[];
  readonly defects: readonly CodeDefect[];
}

/** Fleets whose nodes break promises, by name. Defects of one fleet do not hide each other. */
export const plantedFleets = {
  believing: {
    what: 'nodes that believe too much',
    shape: 'standalone',
    kinds: ['node half open', 'node cut off'],
    defects: [defect('BoundedStaleness', 'serves-unproven'), defect('NoSilentGap', 'tells-not-all')],
  },
  careless: {
    what: 'nodes that forget what they were told',
    shape: 'standalone',
    kinds: ['node slow'],
    defects: [
      defect('AtLeastAsFresh', 'ignores-tokens'),
      defect('NoResurrection', 'honours-no-fence'),
      defect('OneFiller', 'grants-to-all'),
    ],
  },
  repeating: {
    what: 'nodes that do everything again',
    shape: 'standalone',
    kinds: ['replies lost'],
    defects: [defect('OnceOnly', 'forgets-request-ids')],
  },
  forgetful: {
    what: 'nodes that make nothing again',
    shape: 'sentinel',
    kinds: ['tail lost'],
    defects: [defect('Accepted-is-kept', 'makes-nothing-again')],
  },
} as const satisfies Record<string, PlantedFleet>;

function defect(breaks: string, name: string): CodeDefect {
  return { breaks, module: new URL(`./code/${name}.ts`, import.meta.url) };
}
