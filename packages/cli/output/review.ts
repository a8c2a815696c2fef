/**
 * What an evaluation of a classifier says, for people.
 *
 * @module
 */
import type { Evaluation } from "@unroll/core";
import { LABEL, percent, printable, TEXT } from "./terminal.ts";

const SHOWN = 5; // confused pairs and mistakes

/** How many words are labelled, of which the labels' figures are given. */
export function wordsIn(labels: Evaluation["labels"]): number {
  return labels.reduce((sum, { support }) => sum + support, 0);
}

/** How many examples were measured: sentences, or the words in them where each has a label. */
export function describeCount(sentences: number, words?: number): string {
  return words === undefined
    ? `${sentences} sentences`
    : `${words} words in ${sentences} sentences`;
}

/** Which labels are mistaken for which, for people. */
export function describeConfused(confused: Evaluation["confused"]): string[] {
  if (confused.length === 0) return [];
  const pairs = confused.slice(0, SHOWN).map(({ truth, verdict, count }) =>
    `${printable(truth, LABEL)} predicted as ${printable(verdict, LABEL)} (${count})`
  );
  return [`Most frequent confusions: ${pairs.join(", ")}.`];
}

/** The most confident mistakes, for people. */
export function describeMistakes(wrong: Evaluation["wrong"]): string[] {
  if (wrong.length === 0) return [];
  return [
    "Most confident mistakes:",
    ...wrong.slice(0, SHOWN).map(({ text, word, truth, verdict, probability }) => {
      const what = word === undefined ? "" : `${printable(word, LABEL)}: `;
      return `  ${what}${printable(verdict, LABEL)}  ${percent(probability)}  ` +
        `${printable(text, TEXT)}  (actual: ${printable(truth, LABEL)})`;
    }),
  ];
}
