const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
] as const;

/** Writes a count with its thousands apart, such as `120 000`. */
export function countText(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(?:\d{3})+$)/g, ' ');
}

/** Writes a span in the largest unit of which there is one, such as `250 ms`, `4.2 s` or `3 d`. */
export function spanText(ms: number): string {
  const unit = UNITS.find(([, sizeMs]) => Math.abs(ms) >= sizeMs);
  if (unit === undefined) return `${Math.round(ms)} ms`;
  const amount = ms / unit[1];
  return `${Math.abs(amount) < 10 ? Number(amount.toFixed(1)) : Math.round(amount)} ${unit[0]}`;
}

/** Writes names for people: at most three, and how many more there are. */
export function namesText(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${countText(names.length - 3)} more` : shown;
}
