/**
 * The output of multi-label models.
 *
 * @module
 */
import type {
  Example,
  Explanation,
  MultiLabelEvaluation,
  MultiLabelModel,
  MultiLabelPrediction,
} from "@unroll/core";
import { describeUnknownTexts, describeUnseen } from "../output/label_review.ts";
import { few, figure, LABEL, percent, print, printable, TEXT } from "../output/terminal.ts";
import type { Output } from "../output/train_report.ts";
import { whyLines, whyRecord } from "../output/why_view.ts";

const MOST_ROWS = 100; // labels in a table
const SHOWN = 5; // printed mistakes

/** Formats a model's threshold, or the range of its labels' thresholds. */
export function thresholdText({ threshold, thresholds }: MultiLabelModel): string {
  if (!thresholds) return String(threshold);
  return `${figure(Math.min(...thresholds), 2)} to ${figure(Math.max(...thresholds), 2)}`;
}

/** Formats labels with their probabilities; "(none)" if there are none. */
function listOf(labels: readonly string[], probabilities?: Record<string, number>): string {
  const names = labels.slice(0, 8).map((label) =>
    printable(label, LABEL) + (probabilities ? ` ${percent(probabilities[label])}` : "")
  );
  return names.length === 0 ? "(none)" : names.join(", ") + (labels.length > 8 ? ", …" : "");
}

/** Returns predictions next to the actual labels. */
export function describePredictions(
  predictions: readonly MultiLabelPrediction[],
  examples: readonly Example[],
): Output {
  return {
    lines: [
      "",
      ...predictions.map(({ text, labels, probabilities }, i) =>
        `  ${listOf(labels, probabilities)}  ${printable(text, TEXT)}  ` +
        `(actual: ${printable(examples[i].label ?? "", TEXT) || "(none)"})`
      ),
    ],
    records: predictions.map(({ text, labels, probabilities }, i) => ({
      type: "prediction",
      text,
      expected: examples[i].label,
      labels,
      probabilities,
    })),
  };
}

/** Describes the scores, next to the baseline of always predicting the most frequent labels. */
export function describe(
  evaluation: MultiLabelEvaluation,
  on: string,
  { tokenizer }: MultiLabelModel,
): string[] {
  const { exact, micro, macroF1, loss, majority, unknownTexts, unseen } = evaluation;
  const set = listOf(majority.labels);
  return [
    ...(micro.f1 > majority.f1 || exact > majority.exact ? [] : [
      `No better than always predicting the most frequent labels, ${set}.`,
    ]),
    `${on}: exact match ${percent(exact)}, micro F1 ${percent(micro.f1)} ` +
    `(precision ${percent(micro.precision)}, recall ${percent(micro.recall)}), ` +
    `macro F1 ${percent(macroF1)}, loss ${figure(loss, 4)}`,
    `Always the most frequent labels, ${set}: exact match ${percent(majority.exact)}, ` +
    `micro F1 ${percent(majority.f1)}.`,
    ...describeUnknownTexts(unknownTexts, tokenizer),
    ...describeUnseen(unseen),
  ];
}

/** Returns a table with the scores of each label. */
export function labelTable({ labels }: MultiLabelEvaluation) {
  const isCut = labels.length > MOST_ROWS;
  const some = isCut
    ? labels.toSorted((a, b) => b.support - a.support).slice(0, MOST_ROWS)
    : labels;
  return {
    head: ["label", "precision", "recall", "F1", "sentences"],
    rows: some.map(({ label, precision, recall, f1, support }) => [
      printable(label, LABEL),
      percent(precision),
      percent(recall),
      percent(f1),
      String(support),
    ]),
    isCut,
  };
}

/** Describes the predictions with the largest losses. */
export function describeMistakes({ mistakes }: MultiLabelEvaluation): string[] {
  if (mistakes.length === 0) return [];
  return [
    "Largest losses:",
    ...mistakes.slice(0, SHOWN).map(({ text, actual, predicted }) =>
      `  ${listOf(predicted)}  ${printable(text, TEXT)}  (actual: ${listOf(actual)})`
    ),
  ];
}

/** Prints a prediction. */
export function printPrediction(
  { text, labels, probabilities, unknownWords }: MultiLabelPrediction,
  why?: Explanation,
): void {
  const note = unknownWords.length > 0 ? `  (unknown: ${few(unknownWords)})` : "";
  print(`${listOf(labels, probabilities)}  ${printable(text, TEXT)}${note}`);
  if (why) whyLines(why).forEach((line) => print(line));
}

/** Returns a prediction as a JSON record. */
export function predictionRecord(
  { text, labels, probabilities, logits }: MultiLabelPrediction,
  problem: string | undefined,
  why?: Explanation,
) {
  if (problem !== undefined) return { text, error: problem };
  return { text, labels, probabilities, logits, ...whyRecord(why) };
}
