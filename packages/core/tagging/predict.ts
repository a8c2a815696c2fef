/**
 * The label that a tagger predicts for each word of a text.
 *
 * @module
 */
import { logitsAndProbabilities } from "../classification/predict.ts";
import { requireLength } from "../data/examples.ts";
import { argmax } from "../network/loss.ts";
import type { Uploaded } from "../task.ts";
import { startWordIds } from "../text/spellings.ts";
import { tokenize } from "../text/tokenizer.ts";
import type { TaggingModel } from "./model.ts";

/** A word and the label that a tagger predicts for it. */
export interface Tag {
  /** The word. */
  word: string;
  /** The most probable label. */
  label: string;
  /** Its probability. */
  probability: number;
  /** Whether the model knows the word; if not, only its neighbors decide. */
  known: boolean;
}

/** The label of each word of each text. */
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
  const [, p] = await logitsAndProbabilities(on, sentences, spellings);
  const classes = labels.length;
  let row = 0;
  return tokens.map((words, i) =>
    words.map((word, t) => {
      const label = argmax(p, row, classes);
      const probability = p[row++ * classes + label];
      return { word, label: labels[label], probability, known: wordOf(sentences[i][t]) !== 0 };
    })
  );
}
