import { stripVTControlCharacters } from 'node:util';

/** How a table is set. */
export interface TableForm {
  /** Columns, from 0, whose cells stand at the right: figures. Default: none. */
  readonly right?: readonly number[];
}

const GAP = '  ';

/** Returns rows as lines with aligned columns, each line ending in a line feed. The first row is the header, if any. */
export function tableText(rows: readonly (readonly string[])[], { right = [] }: TableForm = {}): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, index) => padded(cell, widths[index]!, right.includes(index)))
      .join(GAP)
      .trimEnd();
  return rows.map((row) => `${lineOf(row)}\n`).join('');
}

/** Returns names and values as lines, the values aligned. What is undefined is left out. */
export function fieldsText(fields: Readonly<Record<string, string | undefined>>): string {
  return tableText(Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function padded(cell: string, width: number, right: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return right ? space + cell : cell + space;
}

// In code points: good enough to align keys; characters of double width are seldom in them.
function widthOf(cell: string): number {
  return [...stripVTControlCharacters(cell)].length;
}
