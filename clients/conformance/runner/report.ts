import { readFileSync, writeFileSync } from 'node:fs';

/** How a scenario ended for one language. */
export type Verdict = 'passed' | 'failed' | 'known' | 'undeclared';

/** One result. */
export interface Result {
  readonly language: string;
  readonly family: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** Why it failed. */
  readonly complaint?: string | undefined;
  readonly tookMs: number;
}

const BEGIN = '<!-- generated: conformance -->';
const END = '<!-- /generated -->';

/** Returns the table of languages and families, as Markdown. Rows of languages that did not run are kept from `before`. */
export function tableOf(results: readonly Result[], families: readonly string[], before = ''): string {
  const languages = [...new Set(results.map(({ language }) => language))];
  const kept = keptRows(before, families, languages);
  const fresh = languages.map((language) => rowOf(language, results, families));
  const header = `| client | ${families.join(' | ')} |\n|${'---|'.repeat(families.length + 1)}`;
  return [header, ...[...kept, ...fresh].sort()].join('\n');
}

/** Writes the table into the document, between its markers. */
export function writeTable(document: URL, results: readonly Result[], families: readonly string[]): void {
  const text = readFileSync(document, 'utf8');
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${document.pathname} has no place for the table`);
  const table = tableOf(results, families, text.slice(from, to));
  writeFileSync(document, `${text.slice(0, from)}${BEGIN}\n\n${table}\n\n${text.slice(to)}`);
}

function rowOf(language: string, results: readonly Result[], families: readonly string[]): string {
  const cells = families.map((family) =>
    cellOf(results.filter((result) => result.language === language && result.family === family)),
  );
  return `| ${language} | ${cells.join(' | ')} |`;
}

function cellOf(results: readonly Result[]): string {
  const count = (verdict: Verdict): number => results.filter((result) => result.verdict === verdict).length;
  const declared = results.length - count('undeclared');
  if (declared === 0) return 'not declared';
  const marks = [count('undeclared') > 0 ? `${count('undeclared')} not declared` : '', known(count('known'))];
  const more = marks.filter((mark) => mark !== '').join(', ');
  return `${count('passed')} of ${declared}${more === '' ? '' : ` (${more})`}`;
}

function known(count: number): string {
  return count === 0 ? '' : `${count} known to fail`;
}

// Rows with other columns than those of today are not kept: they would stand under wrong names.
function keptRows(before: string, families: readonly string[], languages: readonly string[]): string[] {
  if (!before.includes(`| client | ${families.join(' | ')} |`)) return [];
  const rows = before.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| client |'));
  return rows.filter((row) => !languages.some((language) => row.startsWith(`| ${language} |`)));
}
