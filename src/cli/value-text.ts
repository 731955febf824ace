import { isUtf8 } from 'node:buffer';

const PREVIEW_CHARACTERS = 48;
// Terminals act on these; C1 controls (U+0080 to U+009F) and DEL too.
const CONTROLS = /[\p{Cc}]/u;
const CONTROLS_BUT_SPACE = /(?![\t\n\r])[\p{Cc}]/u;

/** Returns bytes as text if they are UTF-8, else undefined. */
export function textOf(bytes: Buffer): string | undefined {
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined;
}

/** Tells whether text can be shown on a terminal: it holds nothing that a terminal would act on. */
export function isShowable(text: string): boolean {
  return !CONTROLS_BUT_SPACE.test(text);
}

/** Returns a value in one short line: text in quotes, anything else by its size. */
export function previewOf(bytes: Buffer): string {
  const text = textOf(bytes);
  if (text === undefined) return `${bytes.length} bytes`;
  const characters = [...text];
  const shown = characters.slice(0, PREVIEW_CHARACTERS).join('');
  const quoted = JSON.stringify(shown).replaceAll(new RegExp(CONTROLS, 'gu'), escaped);
  return characters.length > PREVIEW_CHARACTERS ? `${quoted}…` : quoted;
}

/** Returns how JSON shows a value: `value` if it is UTF-8, else `valueBase64`. */
export function jsonValueOf(bytes: Buffer): { readonly value: string } | { readonly valueBase64: string } {
  const text = textOf(bytes);
  return text === undefined ? { valueBase64: bytes.toString('base64') } : { value: text };
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
