/**
 * What explanations of a model's predictions need from its task: how a text is read, and which
 * value of the outputs is attributed to its words.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "./backend.ts";
import type { AnyModel } from "./model.ts";
import type { Weights } from "./network/weights.ts";
import type { Spellings } from "./text/spellings.ts";

/** A text, to whose words a model's prediction is attributed. */
export interface ExplainedText {
  /** Its words, or the other units that get attributions. */
  words: string[];
  /** The ids that the network reads: one for each word, or as `wordOf` of the mix maps them. */
  ids: Int32Array;
  /** For models that read letters, what the ids stand for; otherwise ids are vocabulary ids. */
  spellings?: Spellings;
  /** How predictions are mixed with a linear model; without it, the network predicts alone. */
  mix?: OutputMix;
}

/** How predictions are computed if not from the network's outputs y alone: from a y + b z. */
export interface OutputMix {
  /** The weight a of the network's outputs. */
  network: number;
  /** The linear model's part, b z; missing if its weight is 0. */
  linear?: {
    /** The index of the word of each id that the network reads. */
    wordOf: Int32Array;
    /** b z for all features multiplied by α. */
    at(alpha: number): Float64Array;
    /** b z for the text without one of its words. */
    without(word: number): Float64Array;
    /** Each word's part of Σ_c g_c b (z_c(1) - z_c(0)), for a gradient g of the outputs. */
    shares(gradient: Float64Array): Float64Array;
  };
}

/** The value of a model's prediction that is attributed to the words of a text. */
export interface Target {
  /** The label that a higher score makes more likely, if there is one. */
  label?: string;
  /** The words that it is about, from `start` to before `end`; missing for the whole text. */
  about?: { start: number; end: number };
  /** The score for a text's outputs: the log-odds of a label, or a number. */
  score(outputs: FloatArray): number;
  /** The gradient of the score with respect to these outputs. */
  gradient(outputs: FloatArray): Float64Array;
}

/** Which part of a prediction to explain. */
export interface Asked {
  /** The label to explain. Default: the predicted label, or each of several predicted labels. */
  label?: string;
  /** The index of a word, for models that label words. Default: each word, or entity. */
  word?: number;
}

/** A model whose weights are on a device. */
export interface OnDevice<M extends AnyModel> {
  /** The ops of the device. */
  ops: Ops;
  /** The model. */
  model: M;
  /** Its weights. */
  weights: Weights<Tensor>;
}

/** How the predictions of a task's models are explained. */
export interface TaskReasons<M extends AnyModel, Answer> {
  /** Reads a text as the model does. */
  read(model: M, text: string): ExplainedText;
  /** The values of a prediction that are attributed to the words of its text. */
  targets(on: OnDevice<M>, answer: Answer, asked: Asked): Target[] | Promise<Target[]>;
}
