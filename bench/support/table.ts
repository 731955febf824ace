/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers go right, words left. */
  readonly align: 'left' | 'right';
}

/** Returns a table as text: titles, a rule, one line a row; columns as wide as their widest cell, two blanks apart. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, at) =>
    Math.max(column.title.length, ...rows.map((row) => (row[at] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    columns
      .map(({ align }, at) => pad(cells[at] ?? '', widths[at]!, align))
      .join('  ')
      .trimEnd();
  return [line(columns.map((column) => column.title)), widths.map((width) => '-'.repeat(width)).join('  ')]
    .concat(rows.map(line))
    .map((text) => `${text}\n`)
    .join('');
}

/** Makes columns of titles: those that begin with `>` go right. */
export function columnsOf(...titles: readonly string[]): readonly Column[] {
  return titles.map((title) =>
    title.startsWith('>') ? { title: title.slice(1), align: 'right' } : { title, align: 'left' },
  );
}

/** Returns a whole number with thin groups of three digits: `34 400`. */
export function formatCount(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** Returns a number with as many decimals as three significant digits need: `0.123`, `4.56`, `78.9`, `1 234`. */
export function formatAmount(value: number): string {
  if (Math.abs(value) >= 100) return formatCount(value);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3);
}

function pad(text: string, width: number, align: Column['align']): string {
  return align === 'right' ? text.padStart(width) : text.padEnd(width);
}
