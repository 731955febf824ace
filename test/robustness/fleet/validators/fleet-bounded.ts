import { Findings } from '../../validators/validator.ts';
import { ms, operationWords, readingWords } from '../history/words.ts';
import type { FleetValidator } from './fleet-validator.ts';

/** Bytes that a node may take with the small capacity that the runs give it. A bound, not a measure. */
export const RSS_BYTES_MAX = 512 * 1024 * 1024;

/** Milliseconds after which every call was answered: the deadline of all its tries, and time for a busy machine. */
export const ANSWER_MS_MAX = 45_000;

/** Nodes stay within their memory, answer whatever happens, and let go of streams that have ended. */
export const fleetBounded: FleetValidator = {
  name: 'Bounded',
  promise:
    'Every queue, table, message, batch, stream and retry has a limit with a name; at the limit there is a typed error ' +
    'or a Reset, never unbounded memory. Writers never wait for subscribers.',
  validate({ history }) {
    const findings = new Findings();
    for (const { node, rssBytes } of history.samples) {
      findings.check(rssBytes <= RSS_BYTES_MAX, () => `node ${node} took ${rssBytes} bytes of memory`);
    }
    for (const operation of history.operations) {
      const tookMs = operation.endedMs - operation.invokedMs;
      findings.check(tookMs <= ANSWER_MS_MAX, () => `${operationWords(operation)} took ${ms(tookMs)} ms`);
    }
    for (const reading of history.readings) {
      const tookMs = reading.answeredMs - reading.sentMs;
      findings.check(tookMs <= ANSWER_MS_MAX, () => `${readingWords(reading)} took ${ms(tookMs)} ms`);
    }
    findings.check(history.streamsLeft === 0, () => `nodes still hold ${history.streamsLeft} streams that ended`);
    return findings.verdict();
  },
};
