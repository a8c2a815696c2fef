/**
 * Long texts joined from examples, to compare how far gradients reach back.
 *
 * @module
 */
import type { Example, SymbolUnit, TokenizerOptions } from "@unroll/core/texts";
import type { Core, ReachData } from "./task.ts";

const ENOUGH = 1000; // examples to create untrained networks from
const CHUNK = 20; // symbols

const BY_SPACES: TokenizerOptions = { lowerCase: false, punctuation: "keep", split: "spaces" };

/** Returns the first examples, as many as are needed. */
export function someOf(examples: readonly Example[]): Example[] {
  return examples.slice(0, ENOUGH);
}

/** Joins sentences up to a number of words, with the label of the last one. */
export function longExample(examples: readonly Example[], length: number): Example {
  const words: string[] = [];
  let label: string | undefined = "";
  for (let i = 0; words.length < length; i = (i + 1) % examples.length) {
    for (const word of wordsIn(examples[i].text)) words.push(word);
    ({ label } = examples[i]);
  }
  return { text: words.slice(0, length).join(" "), label };
}

/** Like {@linkcode longExample}, with a tag for each word. */
export function longTagged(examples: readonly Example[], length: number): Example {
  const words: string[] = [], tags: string[] = [];
  for (let i = 0; words.length < length; i = (i + 1) % examples.length) {
    for (const word of wordsIn(examples[i].text)) words.push(word);
    for (const tag of wordsIn(examples[i].label ?? "")) tags.push(tag);
  }
  return { text: words.slice(0, length).join(" "), label: tags.slice(0, length).join(" ") };
}

/**
 * Returns the data for texts that are read symbol by symbol: chunks of symbols separated by spaces.
 * Their two labels alternate: only how far the gradient reaches back matters.
 */
export function reachOfSymbols(
  { splitSymbols }: Core,
  { unit }: { unit: SymbolUnit },
  examples: readonly Example[],
  length: number,
): ReachData {
  const symbols = someOf(examples).flatMap(({ text }) => splitSymbols(text, unit))
    .filter((symbol) => symbol.trim() !== "").slice(0, ENOUGH * CHUNK);
  const count = Math.max(2, Math.ceil(symbols.length / CHUNK));
  const chunks = Array.from({ length: count }, (_, i): Example => ({
    text: symbols.slice(i * CHUNK, (i + 1) * CHUNK).join(" ") || symbols.join(" "),
    label: i % 2 === 0 ? "a" : "b",
  }));
  return { examples: chunks, tokenizer: BY_SPACES, long: longExample(chunks, length) };
}

function wordsIn(text: string): string[] {
  return text.trim().split(/\s+/);
}
