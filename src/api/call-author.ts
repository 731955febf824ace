import type { Metadata } from '@grpc/grpc-js';
import { limits } from '../base/limits.ts';
import { OperatingError } from '../base/operating-error.ts';
import type { Author } from '../store/store.ts';

/** Who calls while nobody has to say who he is. */
const ANONYMOUS = 'anonymous';
const NOBODY: Author = { actor: ANONYMOUS, origin: '', traceparent: '' };
/** W3C Trace Context (Recommendation 2021), § 3.2: version ff and ids of zeros alone are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const PRINTABLE = /^[\x20-\x7e]*$/;

/**
 * Returns who makes the changes of a call, from its metadata `reprise-origin` and `traceparent`. A traceparent that is
 * none is left out, as the W3C asks.
 *
 * @throws OperatingError ORIGIN_INVALID
 */
export function authorOf(metadata: Metadata): Author {
  const origin = originOf(metadata);
  const traceparent = textOf(metadata, 'traceparent');
  if (origin === '' && traceparent === '') return NOBODY;
  return { actor: ANONYMOUS, origin, traceparent: TRACEPARENT.test(traceparent) ? traceparent : '' };
}

function originOf(metadata: Metadata): string {
  const origin = textOf(metadata, 'reprise-origin');
  if (origin.length <= limits.originCharactersMax && PRINTABLE.test(origin)) return origin;
  const message = `reprise-origin must be at most ${limits.originCharactersMax} printable ASCII characters.`;
  throw new OperatingError('ORIGIN_INVALID', message, { field: 'reprise-origin' });
}

function textOf(metadata: Metadata, name: string): string {
  const [value = ''] = metadata.get(name);
  return typeof value === 'string' ? value : '';
}
