/**
 * Sentences whose first word determines the label, followed by meaningless words: a memory task.
 *
 * @module
 */
import { type Example, Random } from "@unroll/core/texts";

const FIRST = [["sun", "dry"], ["rain", "wet"]] as const;
const FILLERS = "and then so on it goes with more of these words that say nothing here".split(" ");
const SHORTEST = 6, LONGEST = 20; // fillers
const TRAIN = 160, TEST = 40;

/** Returns the training and the test sentences. */
export function memorySet(): { train: Example[]; test: Example[] } {
  const random = new Random(7);
  const below = (n: number) => Math.floor(random.uniform() * n);
  const all = Array.from({ length: TRAIN + TEST }, (_, i): Example => {
    const [first, label] = FIRST[i % 2];
    const length = SHORTEST + below(LONGEST - SHORTEST + 1);
    const words = Array.from({ length }, () => FILLERS[below(FILLERS.length)]);
    return { text: [first, ...words].join(" "), label };
  });
  return { train: all.slice(0, TRAIN), test: all.slice(TRAIN) };
}
