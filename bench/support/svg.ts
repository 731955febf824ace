/** A chart of bars, one below the other. */
export interface BarChart {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** One bar. */
export interface Bar {
  readonly label: string;
  readonly value: number;
  /** What is written at its end. */
  readonly text: string;
  /** Drawn in the stronger colour. */
  readonly isOurs: boolean;
}

const size = { width: 720, label: 220, text: 110, row: 24, bar: 16, title: 36 } as const;

/** Returns charts below each other as one SVG. Bars are as long as their share of the chart's largest value. */
export function barChartsSvg(charts: readonly BarChart[]): string {
  let y = 0;
  const parts = charts.map((chart) => {
    const part = chartAt(chart, y);
    y += size.title + chart.bars.length * size.row;
    return part;
  });
  const frame = `xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${y + 8}" font-family="sans-serif"`;
  return `<svg ${frame} font-size="13">\n<rect width="100%" height="100%" fill="#fff"/>\n${parts.join('')}</svg>\n`;
}

function chartAt({ title, bars }: BarChart, top: number): string {
  const max = Math.max(...bars.map((bar) => bar.value), Number.MIN_VALUE);
  const heading = `<text x="8" y="${top + 24}" font-weight="bold">${escaped(title)}</text>\n`;
  return heading + bars.map((bar, at) => barAt(bar, top + size.title + at * size.row, max)).join('');
}

function barAt({ label, value, text, isOurs }: Bar, y: number, max: number): string {
  const width = Math.max(1, Math.round((value / max) * (size.width - size.label - size.text)));
  const fill = isOurs ? '#1f6feb' : '#a9b4c2';
  const middle = y + size.bar - 3;
  return [
    `<text x="${size.label - 8}" y="${middle}" text-anchor="end">${escaped(label)}</text>`,
    `<rect x="${size.label}" y="${y}" width="${width}" height="${size.bar}" fill="${fill}"/>`,
    `<text x="${size.label + width + 6}" y="${middle}">${escaped(text)}</text>\n`,
  ].join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
