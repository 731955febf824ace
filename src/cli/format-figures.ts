const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;
const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Writes a span for people: its two largest units such as `59m59s`, below a minute `9.8s`, below a second `250ms`. */
export function formatSpan(ms: number): string {
  if (ms <= 0) return '0s';
  if (ms < 1000) return `${Math.ceil(ms)}ms`;
  if (ms < 60_000) return `${Math.floor(ms / 100) / 10}s`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  const [unit, size] = UNITS[first]!;
  const [below, belowSize] = UNITS[first + 1]!;
  const rest = Math.floor((ms % size) / belowSize);
  return `${Math.floor(ms / size)}${unit}${rest === 0 ? '' : `${rest}${below}`}`;
}

/** Writes bytes for people in three digits, such as `812B`, `1.5KiB` or `64MiB`. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let amount = bytes;
  while (amount >= 1000 && unit < SIZES.length - 1) {
    amount /= 1024;
    unit++;
  }
  return `${unit === 0 ? amount : threeDigits(amount)}${SIZES[unit]}`;
}

/** Writes the share that `part` has in `whole`, such as `97.3%`; `–` of nothing. */
export function formatShare(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((part / whole) * 100).toFixed(1)}%`;
}

/** Writes a rate for people, with a decimal only where it is small. */
export function formatRate(perSecond: number): string {
  return perSecond > 0 && perSecond < 100 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

function threeDigits(amount: number): string {
  if (amount >= 100) return String(Math.round(amount));
  return String(Number(amount.toPrecision(3)));
}
