/**
 * What a model that labels words says of texts.
 *
 * @module
 */
import type { Backend } from "../backend.ts";
import { requireLength } from "../data/examples.ts";
import { InputError } from "../errors.ts";
import { allLogits, argmax, arrange } from "../classification/evaluate.ts";
import { readAndDispose, requireFinite, withWeights } from "../inference.ts";
import { type Model, requireTask } from "../model.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { tokenize } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";

/** A word and what a model says of it. */
export interface Tag {
  /** The word. */
  word: string;
  /** The likeliest label. */
  label: string;
  /** How probable that is. */
  probability: number;
  /** Whether the model knows the word; if not, its neighbours alone decide. */
  known: boolean;
}

/**
 * The label of each word of each text, from a model with the head `token`.
 *
 * @throws {InputError} For a model with another head, for one whose weights overflow, and for a text
 *   of more than 100,000 characters.
 *
 * @example
 * ```ts
 * import { createModel, tag } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "meet ann at noon", label: "O PERSON O TIME" }];
 * const model = createModel(examples, { cell: "gru", hidden: 8, head: "token" });
 * const [tags] = await tag(createCpuBackend(), model, ["call ann"]);
 * assertEquals(tags.map(({ word, known }) => [word, known]), [["call", false], ["ann", true]]);
 * ```
 */
export async function tag(
  backend: Backend,
  model: Model,
  texts: readonly string[],
): Promise<Tag[][]> {
  requireTask(model, "classification");
  if (model.config.head !== "token") {
    throw new InputError("this model gives one label to a text; ask it with predict()");
  }
  for (const text of texts) requireLength(text);
  const tokens = texts.map((text) => tokenize(text, model.tokenizer));
  if (tokens.every((words) => words.length === 0)) return tokens.map(() => []);
  const ops = opsOf(backend);
  const index = indexWords(model.vocabulary);
  const sentences = tokens.map((words) => encode(words, index));
  const [y, p] = await withWeights(ops, model, (weights) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const logits = allLogits(ops, model.config, weights, arrange(ops, model, sentences));
        return [logits, ops.softmax(logits)];
      }),
    ));
  requireFinite(y);
  const classes = model.labels.length;
  let row = 0;
  return tokens.map((words, i) =>
    words.map((word, t) => {
      const label = argmax(p, row, classes);
      const probability = p[row++ * classes + label];
      return { word, label: model.labels[label], probability, known: sentences[i][t] !== 0 };
    })
  );
}
