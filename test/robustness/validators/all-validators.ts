import { beginsRight } from './begins-right.ts';
import { bookmarkable } from './bookmarkable.ts';
import { bounded } from './bounded.ts';
import { inOrder } from './in-order.ts';
import { noSilentGap } from './no-silent-gap.ts';
import { onlyWhatMatches } from './only-what-matches.ts';
import { progressComes } from './progress-comes.ts';
import { resetHasReason } from './reset-has-reason.ts';
import { resumable } from './resumable.ts';
import { streamShape } from './stream-shape.ts';
import { tellsTheChange } from './tells-the-change.ts';
import { tokenOfTheChange } from './token-of-the-change.ts';
import type { Validator } from './validator.ts';

/** The promises of the stream, each with its judge. */
export const allValidators: readonly Validator[] = [
  noSilentGap,
  resumable,
  bookmarkable,
  bounded,
  inOrder,
  onlyWhatMatches,
  tellsTheChange,
  tokenOfTheChange,
  beginsRight,
  resetHasReason,
  streamShape,
  progressComes,
];
