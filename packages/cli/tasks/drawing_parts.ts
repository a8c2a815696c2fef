/**
 * Parts that the drawings of several tasks share.
 *
 * @module
 */
import {
  type AnyModel,
  type ClassificationModel,
  type Model,
  networkWeights,
  type SeriesClassificationModel,
  tokenUnit,
} from "@unroll/core";
import type { Box, BoxRow } from "../output/boxes.ts";
import { embeddingBox, headBox, layerRows, partOf } from "../output/network_boxes.ts";
import { figure } from "../output/terminal.ts";

/** A model that reads words or letters. */
type WordModel = Model & Pick<ClassificationModel, "tokenizer">;

/** Formats a count with its noun. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Describes the input of a model that reads texts. */
export function textIn({ tokenizer }: WordModel): string {
  const unit = tokenUnit(tokenizer);
  const limit = tokenizer.maxLength === undefined ? "" : `, at most ${tokenizer.maxLength}`;
  return `the ${unit} of a text${tokenizer.lowerCase ? ", in lower case" : ""}${limit}`;
}

/** The row that reads words: their embedding, next to the network that reads their letters. */
function wordRow(model: WordModel & { alphabet?: string[] }): BoxRow {
  const part = partOf(model), { config, vocabulary, alphabet } = model;
  const unit = tokenUnit(model.tokenizer);
  const words = embeddingBox(part, `${vocabulary.length} ${unit}`);
  const { dropout, embedding, projection, letters } = config;
  const width = projection || embedding || vocabulary.length;
  const gives = [
    letters ? `concatenated: ${width + 2 * letters}` : `${width}`,
    ...(dropout > 0 && embedding > 0 ? [`dropout ${dropout}`] : []),
  ].join(", ");
  if (!letters || !alphabet) return { boxes: [words], gives };
  const own = Object.entries(part.shapes).filter(([name]) => name.startsWith("letters."));
  const count = own.reduce((sum, [, [rows, columns]]) => sum + rows * columns, 0);
  const size = part.shapes["letters.embedding"][1];
  const read = {
    lines: [
      "letters of each word",
      `embedding  ${alphabet.length} letters → ${size}`,
      `bidirectional gru  ${size} → 2 x ${letters}`,
      counted(count, "parameter"),
    ],
  };
  return { boxes: [words, read], gives };
}

/** The row for the mean of an ensemble's networks; none for a single network. */
function ensembleRows(model: Pick<AnyModel, "weights" | "ensemble">): BoxRow[] {
  const { length } = networkWeights(model);
  if (length === 1) return [];
  return [{ boxes: [{ lines: [`mean of ${length} such networks' outputs`] }] }];
}

/** The row of a classifier's outputs: the network's, and its linear model's if it has one. */
export function withLinear(
  { linear, calibration }: Pick<ClassificationModel, "calibration"> & {
    linear?: { ngrams: readonly { kind: string; idf: ArrayLike<number> }[] };
  },
  network: Box,
): BoxRow[] {
  const scaled = calibration && calibration.network !== 1
    ? [`logits times ${figure(calibration.network, 3)}`]
    : [];
  const own = { ...network, lines: [...network.lines, ...scaled] };
  if (!linear || !calibration || calibration.linear === 0) return [{ boxes: [own] }];
  const beside: Box = {
    isSource: true,
    lines: [
      "linear model on the same text",
      ...linear.ngrams.map(({ kind, idf }) => `${idf.length} n-grams of ${kind}`),
      `weight ${figure(calibration.linear, 3)}`,
    ],
  };
  return [{ boxes: [own, beside], gives: "mixed" }];
}

/** The rows of a network with one prediction for a text, or one for each word. */
export function wordRows(model: WordModel): BoxRow[] {
  const part = partOf(model);
  return [wordRow(model), ...layerRows(part), { boxes: [headBox(part)] }, ...ensembleRows(model)];
}

/** The rows of a network that reads the columns of a series. */
export function seriesRows(
  model: Model & Pick<SeriesClassificationModel, "columns" | "segment">,
): BoxRow[] {
  const { columns, segment } = model, part = partOf(model);
  const [width] = part.shapes.Wxh;
  return [
    {
      boxes: [{
        lines: [
          `${counted(columns.length, "column")}, and their changes`,
          "scaled like the training data",
          segment === 1 ? "one step per row" : `one step per ${segment} rows`,
        ],
      }],
      gives: `${width}`,
    },
    ...layerRows(part),
    { boxes: [headBox(part)] },
  ];
}

/** The box for the probabilities of labels and their loss. */
export function softmaxBox(labels: number): Box {
  return { lines: [`softmax of ${counted(labels, "label")}`, "loss: cross-entropy"] };
}

/** The row that scales an output back to the unit of the numbers. */
export function scaledRow(
  { loss, scale }: { loss: string; scale: { mean: number; deviation: number } },
): BoxRow {
  const { deviation, mean } = scale;
  const lines = [`times ${figure(deviation, 4)}, plus ${figure(mean, 4)}`, `loss: ${loss}`];
  return { boxes: [{ lines }] };
}
