/**
 * Predictions of taggers: a label for each word of a text.
 *
 * @module
 */
import { logitsAndProbabilities } from "../classification/predict.ts";
import { requireLength } from "../data/examples.ts";
import type { FloatArray } from "../backend.ts";
import { crfPredict, readCrf, scaledCrf } from "../network/crf_sequences.ts";
import { argmax } from "../network/loss.ts";
import { networksOf, type Uploaded } from "../task.ts";
import { startWordIds } from "../text/spellings.ts";
import { tokenize, writtenTokenizer } from "../text/tokenizer.ts";
import { tagCombiner } from "./combine.ts";
import type { TaggingModel } from "./model.ts";

/** A word and the label that a tagger predicts for it. */
export interface Tag {
  /** The word (or character), as it is written in the text. */
  word: string;
  /** The most probable label; with a CRF, its label in the most probable sequence of labels. */
  label: string;
  /** The label's probability; with a CRF, its marginal probability over all sequences. */
  probability: number;
  /** Whether the word is in the vocabulary; if not, its neighbors (or its letters) decide. */
  known: boolean;
}

/** Predicts the label of each word of each text. */
export async function predictTags(
  on: Uploaded<TaggingModel>,
  texts: readonly string[],
): Promise<Tag[][]> {
  for (const text of texts) requireLength(text);
  const { tokenizer, labels } = on.model;
  const tokens = texts.map((text) => tokenize(text, tokenizer));
  if (tokens.every((words) => words.length === 0)) return tokens.map(() => []);
  const { idOf, wordOf, spellings } = startWordIds(on.model);
  const sentences = tokens.map((words) => Int32Array.from(words, idOf));
  const [y, p] = await logitsAndProbabilities(on, sentences, spellings);
  const combine = tagCombiner(on.model), scale = on.model.calibration?.network ?? 1;
  const own = on.model.config.crf ? await readCrf(on.ops, ...networksOf(on)) : undefined;
  const crf = own && combine ? scaledCrf(own, scale) : own;
  const answer = combine?.(y, texts).answer ?? y;
  const given = combine && !crf ? answer.map(Math.exp) : p;
  const classes = labels.length;
  const written = writtenTokenizer(tokenizer);
  let row = 0;
  return tokens.map((words, i) => {
    const end = (row + words.length) * classes;
    const sequence = crf && crfPredict(crf, answer.subarray(row * classes, end) as FloatArray);
    const probabilities = sequence?.marginals ?? given.subarray(row * classes, end) as FloatArray;
    row += words.length;
    return tokenize(texts[i], written).map((word, t) => {
      const label = sequence?.path[t] ?? argmax(probabilities, t, classes);
      const probability = probabilities[t * classes + label];
      return { word, label: labels[label], probability, known: wordOf(sentences[i][t]) !== 0 };
    });
  });
}
