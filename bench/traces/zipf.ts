/**
 * Returns a sampler of ranks 0 … `ranks` − 1 in which rank r has a probability proportional to 1 / (r + 1)^`exponent`.
 * Inverse of the cumulative distribution, O(log ranks) a sample.
 */
export function zipfSampler(ranks: number, exponent: number, random: () => number): () => number {
  const cumulative = new Float64Array(ranks);
  let total = 0;
  for (let rank = 0; rank < ranks; rank += 1) {
    total += (rank + 1) ** -exponent;
    cumulative[rank] = total;
  }
  return () => firstAbove(cumulative, random() * total);
}

function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
