const DURATIONS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
  ['millisecond', 1],
] as const;
const SIZES = [
  ['GiB', 1024 ** 3],
  ['MiB', 1024 ** 2],
  ['KiB', 1024],
] as const;

/** Writes a number in the unit that its name ends with, such as 8388608 of `valueBytesMax` as `8 MiB`. */
export function quantityInWords(name: string, value: number): string {
  if (/Ms(?:Max|Min)?$/.test(name)) return durationInWords(value);
  if (/Bytes(?:Max|Min)?$/.test(name)) return sizeInWords(value);
  return grouped(value);
}

/** Writes milliseconds such as `30 days`, in the largest unit that divides them. */
export function durationInWords(ms: number): string {
  const [unit, unitMs] = DURATIONS.find(([, size]) => ms > 0 && ms % size === 0) ?? (['millisecond', 1] as const);
  return ms === 0 ? '0' : plural(ms / unitMs, unit);
}

/** Writes bytes such as `8 MiB`, in the largest unit that divides them. Small ones stay bytes. */
export function sizeInWords(bytes: number): string {
  const [unit, unitBytes] = SIZES.find(([, size]) => bytes > 1024 && bytes >= size && bytes % size === 0) ?? [
    'byte',
    1,
  ];
  return unit === 'byte' ? plural(bytes, unit) : `${grouped(bytes / unitBytes)} ${unit}`;
}

function plural(count: number, unit: string): string {
  return `${grouped(count)} ${unit}${count === 1 ? '' : 's'}`;
}

// Groups of three from five digits on, as in 65 536.
function grouped(value: number): string {
  return value < 10_000 ? String(value) : String(value).replaceAll(/(?<=\d)(?=(?:\d{3})+$)/g, ' ');
}
