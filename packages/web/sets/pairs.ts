/**
 * Texts with translations: reversed letters, and dates converted to year-month-day.
 *
 * @module
 */
import { type Example, Random } from "@unroll/core/texts";

interface Pairs {
  train: Example[];
  test: Example[];
}

const LETTERS = "abcdefgh", SHORTEST = 3, LONGEST = 7;
const MONTHS = ("january february march april may june july august september october november " +
  "december").split(" ");
const TRAIN = 1200, TEST = 100;
const FIRST_YEAR = 1980, YEARS = 60;

function distinct(seed: number, draw: (below: (n: number) => number) => Example): Pairs {
  const random = new Random(seed);
  const below = (n: number) => Math.floor(random.uniform() * n);
  const pairs = new Map<string, Example>();
  while (pairs.size < TRAIN + TEST) {
    const pair = draw(below);
    pairs.set(pair.text, pair);
  }
  const all = [...pairs.values()];
  return { train: all.slice(TEST), test: all.slice(0, TEST) };
}

/** Returns letters, to be reversed. */
export function reverseSet(): Pairs {
  return distinct(11, (below) => {
    const length = SHORTEST + below(LONGEST - SHORTEST + 1);
    const letters = Array.from({ length }, () => LETTERS[below(LETTERS.length)]);
    return { text: letters.join(""), label: letters.toReversed().join("") };
  });
}

/** Returns dates, to be written as year-month-day. */
export function datesSet(): Pairs {
  return distinct(12, (below) => {
    const day = 1 + below(28), month = below(12), year = FIRST_YEAR + below(YEARS);
    const name = MONTHS[month], two = (n: number) => String(n).padStart(2, "0");
    const spellings = [
      `${day} ${name} ${year}`,
      `${name} ${day}, ${year}`,
      `${day}.${month + 1}.${year}`,
      `${day} ${name.slice(0, 3)} ${year}`,
    ];
    const label = `${year}-${two(month + 1)}-${two(day)}`;
    return { text: spellings[below(spellings.length)], label };
  });
}
