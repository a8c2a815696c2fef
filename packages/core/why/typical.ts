/**
 * Typical predictions.
 *
 * @module
 */

/** A correct prediction. */
export interface RightAnswer {
  /** The predicted label. */
  label: string;
  /** The probability of the label. */
  probability: number;
}

/**
 * Returns the correct prediction with the median probability for each label, the most frequent
 * label first.
 *
 * @param most The maximum number of labels.
 *
 * @example
 * ```ts
 * import { typicalAnswers } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const right = [0.6, 0.9, 0.7].map((probability) => ({ label: "up", probability }));
 * assertEquals(typicalAnswers([{ label: "down", probability: 1 }, ...right], 2), [
 *   { label: "up", probability: 0.7 },
 *   { label: "down", probability: 1 },
 * ]);
 * ```
 */
export function typicalAnswers<Answer extends RightAnswer>(
  right: readonly Answer[],
  most: number,
): Answer[] {
  const byLabel = new Map<string, Answer[]>();
  for (const answer of right) {
    const some = byLabel.get(answer.label) ?? [];
    some.push(answer);
    byLabel.set(answer.label, some);
  }
  return [...byLabel.values()]
    .sort((a, b) => b.length - a.length)
    .slice(0, most)
    .map((some) => {
      const rising = some.toSorted((a, b) => a.probability - b.probability);
      return rising[Math.floor(rising.length / 2)];
    });
}
