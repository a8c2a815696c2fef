/**
 * Describes the evaluation of a classifier or a tagger.
 *
 * @module
 */
import { type Evaluation, type TokenizerOptions, tokenUnit } from "@unroll/core";
import { describeAccuracy } from "./label_certainty.ts";
import { figure, LABEL, percent, printable, table, TEXT } from "./terminal.ts";

const SHOWN = 5; // printed confusions and mistakes
const MOST_ROWS = 100; // labels in a table
const MOST_COLUMNS = 30; // of a readable confusion matrix

/** Returns the number of words with labels, from the scores of labels. */
export function wordsIn(labels: Evaluation["labels"]): number {
  return labels.reduce((sum, { support }) => sum + support, 0);
}

/** Formats the number of evaluated examples: sentences, or words if each word has a label. */
export function describeCount(
  sentences: number,
  words?: number,
  unit = "sentences",
  tokenizer?: TokenizerOptions,
): string {
  return words === undefined
    ? `${sentences} ${unit}`
    : `${words} ${tokenUnit(tokenizer)} in ${sentences} sentences`;
}

/** Describes which labels are confused. */
export function describeConfused(confused: Evaluation["confused"]): string[] {
  if (confused.length === 0) return [];
  const pairs = confused.slice(0, SHOWN).map(({ actual, predicted, count }) =>
    `${printable(actual, LABEL)} predicted as ${printable(predicted, LABEL)} (${count})`
  );
  return [`Most frequent confusions: ${pairs.join(", ")}.`];
}

/** Describes labels that the model does not have. */
export function describeUnseen(unseen: Evaluation["unseen"] = []): string[] {
  if (unseen.length === 0) return [];
  const names = unseen.slice(0, SHOWN).map(({ label, count }) =>
    `${printable(label, LABEL)} (${count})`
  );
  if (unseen.length > SHOWN) names.push("…");
  return [`Labels that the model does not know, counted as wrong: ${names.join(", ")}.`];
}

/** Formats the fraction of unknown units for the end of a line; empty if there are none. */
export function describeUnknown(unknown: number, unit: string): string {
  return unknown > 0 ? `; ${percent(unknown)} of the ${unit} are unknown to the model` : "";
}

/** Describes texts without any word, or any letter, that the model knows. */
export function describeUnknownTexts(count: number, tokenizer?: TokenizerOptions): string[] {
  if (count === 0) return [];
  const what = tokenUnit(tokenizer).slice(0, -1);
  return [`${count} of the sentences have no ${what} that the model knows`];
}

/** Describes the most confident mistakes. */
export function describeMistakes(mistakes: Evaluation["mistakes"]): string[] {
  if (mistakes.length === 0) return [];
  return [
    "Most confident mistakes:",
    ...mistakes.slice(0, SHOWN).map(({ text, word, actual, predicted, probability }) => {
      const what = word === undefined ? "" : `${printable(word, LABEL)}: `;
      return `  ${what}${printable(predicted, LABEL)}  ${percent(probability)}  ` +
        `${printable(text, TEXT)}  (actual: ${printable(actual, LABEL)})`;
    }),
  ];
}

/**
 * Describes an evaluation with the scores of each label.
 *
 * @param words The number of evaluated words, if each word has a label.
 * @param unit The unit of the examples, if labels are for whole examples.
 * @param tokenizer The model's tokenizer.
 */
export function describeEvaluation(
  evaluation: Evaluation,
  sentences: number,
  words?: number,
  unit = "sentences",
  tokenizer?: TokenizerOptions,
): string[] {
  const { loss, labels, confusion, confused, unknownTexts } = evaluation;
  const lines = [
    `${describeCount(sentences, words, unit, tokenizer)}: loss ${figure(loss, 4)}, accuracy ${
      describeAccuracy(evaluation)
    }`,
  ];
  if (evaluation.alone) {
    lines.push(`expected calibration error ${percent(evaluation.calibrationError)}`);
  }
  lines.push(...describeUnknownTexts(unknownTexts, tokenizer));
  lines.push(...describeUnseen(evaluation.unseen));
  const rows = labels.length <= MOST_ROWS
    ? labels
    : labels.toSorted((a, b) => b.support - a.support).slice(0, MOST_ROWS);
  lines.push(
    "",
    ...table([
      ["label", "precision", "recall", "F1", words === undefined ? unit : tokenUnit(tokenizer)],
      ...rows.map(({ label, precision, recall, f1, support }) => [
        printable(label, LABEL),
        percent(precision),
        percent(recall),
        percent(f1),
        String(support),
      ]),
    ], [0]),
  );
  if (rows.length < labels.length) {
    lines.push(`The ${rows.length} most frequent of ${labels.length} labels; --json has all.`);
  }
  if (confusion === undefined || labels.length > MOST_COLUMNS) {
    return confused.length > 0 ? [...lines, "", ...describeConfused(confused)] : lines;
  }
  const names = labels.map(({ label }) => printable(label, LABEL));
  return [
    ...lines,
    "",
    "Rows: actual label. Columns: predicted label.",
    "",
    ...table([
      ["", ...names],
      ...confusion.map((row, i) => [names[i], ...row.map(String)]),
    ], [0]),
  ];
}

/** Describes a model's accuracy on a set, its confusions and its mistakes. */
export function describeReview(evaluation: Evaluation, set: string, more = ""): string[] {
  const { majority, confused, mistakes, unseen } = evaluation;
  return [
    `${set}: accuracy ${describeAccuracy(evaluation)}; ${more}majority-class baseline ` +
    `${percent(majority.accuracy)} (${printable(majority.label, LABEL)}).`,
    ...describeUnseen(unseen),
    ...describeConfused(confused),
    ...describeMistakes(mistakes),
  ];
}

function capitalized(text: string): string {
  return text[0].toUpperCase() + text.slice(1);
}

/**
 * Returns the scores of a model, for the HTML report.
 *
 * @param linearModel The name of its linear model, if it has one.
 */
export function reviewFacts(
  evaluation: Evaluation,
  linearModel = "linear model on n-grams",
): [string, string][] {
  const { majority, loss, alone, calibrationError } = evaluation;
  return [
    ["Accuracy", describeAccuracy(evaluation)],
    ...(alone ? [["Network alone", percent(alone.network)] as [string, string]] : []),
    ...(alone?.linear === undefined
      ? []
      : [[capitalized(linearModel), percent(alone.linear)] as [string, string]]),
    [
      "Majority-class baseline",
      `${percent(majority.accuracy)} (${printable(majority.label, LABEL)})`,
    ],
    ["Loss (nats)", figure(loss, 4)],
    ["Expected calibration error", percent(calibrationError)],
  ];
}

/** Formats the number of words, or letters, that a model knows. */
export function vocabularyOf(
  { vocabulary, tokenizer }: { vocabulary: readonly string[]; tokenizer: TokenizerOptions },
): string {
  return `${vocabulary.length - 1} ${tokenUnit(tokenizer)}`;
}
