/**
 * Returns what more than half of those who answered say; `undefined` if they are split, or nobody answered. Answers are
 * equal if their texts are.
 */
export function majority<T>(answers: readonly T[], textOf: (answer: T) => string): T | undefined {
  const counts = new Map<string, number>();
  for (const answer of answers) {
    const text = textOf(answer);
    const count = (counts.get(text) ?? 0) + 1;
    if (count * 2 > answers.length) return answer;
    counts.set(text, count);
  }
  return undefined;
}
