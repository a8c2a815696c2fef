/**
 * Chooses a few examples to show.
 *
 * @module
 */
import type { Example, Sequence } from "@unroll/core";

/** Returns the first examples, with up to `wrong` that the model gets wrong, `all` in total. */
export function interesting(
  examples: Sequence<Example>,
  mistakes: ReadonlySet<string>,
  { wrong, all }: { wrong: number; all: number },
): Example[] {
  const bad: Example[] = [], good: Example[] = [];
  for (const example of examples) {
    if (!mistakes.has(example.text)) {
      if (good.length < all) good.push(example);
    } else if (bad.length < wrong) bad.push(example);
    if (good.length === all && (bad.length === wrong || bad.length === mistakes.size)) break;
  }
  return [...good.slice(0, all - bad.length), ...bad];
}
