/**
 * Predictions of a classifier for texts.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { requireLength } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import { argmax } from "../network/loss.ts";
import { textLimitOf } from "../network/text_limit.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { networksOf, type Uploaded } from "../task.ts";
import type { Spellings } from "../text/spellings.ts";
import { tokenize } from "../text/tokenizer.ts";
import { encode, indexWords, wordsRead } from "../text/vocabulary.ts";
import { allLogits, arrange } from "./measure.ts";
import { combinerOf } from "./combine.ts";
import type { ClassificationModel } from "./model.ts";

/** A classifier's prediction for a text. */
export interface Prediction {
  /** The text. */
  text: string;
  /** The most probable label. */
  label: string;
  /** The probability of each label; they sum to 1. */
  probabilities: Record<string, number>;
  /** The network's logits y, in the order of the model's labels. */
  logits: number[];
  /** The number of words in the text, or of letters for a model that reads letters. */
  words: number;
  /** The words that the model does not know; if it knows none, the prediction is meaningless. */
  unknownWords: string[];
  /** Whether the probability is below the model's trust level; only for a model that has one. */
  isUnsure?: boolean;
}

/** Predicts a label for each text. */
export async function predictLabels(
  on: Uploaded<ClassificationModel>,
  texts: readonly string[],
): Promise<Prediction[]> {
  if (texts.length === 0) return [];
  const { labels } = on.model;
  const { tokens, sentences } = sentencesOf(on.model, texts);
  const [y, p] = await logitsAndProbabilities(on, sentences);
  const classes = labels.length;
  const combined = combinerOf(on.model)?.(y, texts).answer.map(Math.exp);
  const { trust } = on.model.calibration ?? {};
  return texts.map((text, i) => {
    const answers = combined ?? p;
    const row = [...answers.subarray(i * classes, (i + 1) * classes)];
    const best = argmax(answers, i, classes);
    return {
      text,
      label: labels[best],
      probabilities: Object.fromEntries(labels.map((label, c) => [label, row[c]])),
      logits: [...y.subarray(i * classes, (i + 1) * classes)],
      ...wordsRead(tokens[i], sentences[i]),
      ...(trust ? { isUnsure: row[best] < trust.probability } : {}),
    };
  });
}

/**
 * Splits texts into words, and looks up their ids.
 *
 * @throws {InputError} If a text is too long.
 */
export function sentencesOf(
  model: Omit<ClassificationModel, "task">,
  texts: readonly string[],
): { tokens: string[][]; sentences: Int32Array[] } {
  const { tokenizer, vocabulary } = model, limit = textLimitOf(model);
  for (const text of texts) requireLength(text, limit);
  const tokens = texts.map((text) => tokenize(text, tokenizer));
  const index = indexWords(vocabulary);
  return { tokens, sentences: tokens.map((words) => encode(words, index)) };
}

/** Computes logits and probabilities, a row for each sentence, or for each word with a tagger. */
export async function logitsAndProbabilities(
  on: Uploaded<AnyModel>,
  sentences: readonly Int32Array[],
  spellings?: Spellings,
): Promise<FloatArray[]> {
  const { ops, model } = on;
  const [y, p] = await readAndDispose(
    ops,
    ops.scope(() => {
      const logits = allLogits(
        ops,
        model.config,
        networksOf(on),
        arrange(ops, model, sentences, spellings),
      );
      return [logits, ops.softmax(logits)];
    }),
  );
  requireFinite(y);
  return [y, p];
}
