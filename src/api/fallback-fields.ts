import type { ReadFallback, WriteFallback } from '../base/fallbacks.ts';
import { ReadFallback as ReadMessage, WriteFallback as WriteMessage } from '../gen/reprise/v1/namespace.ts';
import { invalid } from './request-fields.ts';

const readMessages = {
  error: ReadMessage.ERROR,
  miss: ReadMessage.MISS,
  stale: ReadMessage.STALE,
} as const satisfies Record<ReadFallback, ReadMessage>;

const writeMessages = {
  refuse: WriteMessage.REFUSE,
  local: WriteMessage.LOCAL,
} as const satisfies Record<WriteFallback, WriteMessage>;

/** Returns what reads fall back to as it is sent. */
export function readFallbackMessage(word: ReadFallback): ReadMessage {
  return readMessages[word];
}

/** Returns what writes fall back to as it is sent. */
export function writeFallbackMessage(word: WriteFallback): WriteMessage {
  return writeMessages[word];
}

/** Returns what reads shall fall back to; `undefined` where nothing is said. @throws OperatingError SETTING_OUT_OF_RANGE */
export function readFallbackField(message: ReadMessage): ReadFallback | undefined {
  return wordOf(readMessages, message, 'readFallback', 'settings.read_fallback');
}

/** Returns what writes shall fall back to; `undefined` where nothing is said. @throws OperatingError SETTING_OUT_OF_RANGE */
export function writeFallbackField(message: WriteMessage): WriteFallback | undefined {
  return wordOf(writeMessages, message, 'writeFallback', 'settings.write_fallback');
}

function wordOf<Word extends string>(
  messages: Readonly<Record<Word, number>>,
  message: number,
  name: string,
  field: string,
): Word | undefined {
  if (message === ReadMessage.UNSPECIFIED) return undefined;
  const words = Object.keys(messages) as Word[];
  const word = words.find((known) => messages[known] === message);
  if (word !== undefined) return word;
  // A number that a later version knows.
  const known = words.map((each) => each.toUpperCase()).join(', ');
  throw invalid('SETTING_OUT_OF_RANGE', field, `The setting ${name} must be one of ${known}.`, { field: name });
}
