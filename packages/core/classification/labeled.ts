/**
 * What the tasks of models that give labels to words and texts have in common.
 *
 * @module
 */
import type { AnyModel, Shell } from "../model.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import { quote } from "../printable.ts";
import type { Fail, Metadata, Task, TaskFile } from "../task.ts";
import { normalForm, tokenize, type TokenizerOptions } from "../text/tokenizer.ts";
import { encode, indexWords } from "../text/vocabulary.ts";
import { logitsAfterWords, stackPass } from "./inspection.ts";
import type { ClassificationModel } from "./model.ts";
import { labelTraining } from "./training.ts";

/** Such a model. */
type Labeled = AnyModel & Pick<ClassificationModel, "tokenizer">;

/** Their training, shapes, streams and inspection. */
export const LABELED = {
  trainOptions: ["labelWeights"],
  shapes: ({ config, vocabulary, labels }: Shell<AnyModel>) =>
    weightShapes(config, vocabulary.length, labels.length),
  training: labelTraining,
  stream: { idOf: wordIds },
  inspection: {
    read: readWords,
    stack: (weights) => weights,
    logits: logitsAfterWords,
    pass: stackPass,
  },
} satisfies Partial<Task<Labeled>>;

/** Their files: the tokenizer, and one network under PyTorch's names. */
export const LABELED_FILE = {
  keys: ["tokenizer"],
  metadata: ({ tokenizer }: Shell<Labeled>) => ({ tokenizer: JSON.stringify(tokenizer) }),
  torchShapes: ({ config, vocabulary, labels }: Shell<AnyModel>) =>
    torchShapes(config, vocabulary.length, labels.length),
  toTorch: ({ config }: Shell<AnyModel>, weights) => toTorch(config, weights),
  fromTorch: ({ config }: Shell<AnyModel>, data) => fromTorch(config, data),
} satisfies Partial<TaskFile<Labeled>>;

/** Gives the id of a word. */
export function wordIds(
  { tokenizer, vocabulary }: Pick<ClassificationModel, "tokenizer" | "vocabulary">,
): (word: string) => number {
  const index = indexWords(vocabulary);
  const { lowerCase, fold } = tokenizer;
  return (word) => {
    const known = fold ? normalForm(word, tokenizer) : lowerCase ? word.toLowerCase() : word;
    return index.get(known) ?? 0;
  };
}

/** The words of a text, and their ids. */
export function readWords(
  { tokenizer, vocabulary }: Pick<ClassificationModel, "tokenizer" | "vocabulary">,
  text: string,
): { words: string[]; ids: Int32Array } {
  const words = tokenize(text, tokenizer);
  return { words, ids: encode(words, indexWords(vocabulary)) };
}

/** The tokenizer that a file's metadata describe. */
export function tokenizerOf(metadata: Metadata, fail: Fail): TokenizerOptions {
  const value = metadata.json("tokenizer");
  const { lowerCase, punctuation, split, fold } = (value ?? {}) as Record<string, unknown>;
  const splits: unknown[] = [undefined, "words", "spaces"];
  if (fold !== undefined && fold !== "typography") {
    fail(`folds texts by a rule that is not known, ${quote(fold)}; update Unroll`);
  }
  const isTokenizer = typeof lowerCase === "boolean" &&
    (punctuation === "drop" || punctuation === "keep") && splits.includes(split);
  if (isTokenizer) return value as TokenizerOptions;
  const missing = metadata.text("tokenizer") === undefined ? ", but is missing" : "";
  return fail(`is damaged: its tokenizer should be lowerCase and punctuation${missing}`);
}
