/**
 * What explaining a model's answers asks of its task: how a text is read, and what of the outputs is
 * shared out among its words.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "./backend.ts";
import type { AnyModel } from "./model.ts";
import type { Weights } from "./network/weights.ts";
import type { Spellings } from "./text/spellings.ts";

/** A text whose words get shares in a model's answer. */
export interface ExplainedText {
  /** Its words, or what else gets shares. */
  words: string[];
  /** The ids that the network reads: those of the words, unless a linear model says which. */
  ids: Int32Array;
  /** Where letters are read, what the ids stand for; else they are the words' own. */
  spellings?: Spellings;
  /** What answers are made of; without it, the network's outputs alone. */
  mix?: OutputMix;
}

/** What answers are made of where that is more than the network's outputs y: a y + b z. */
export interface OutputMix {
  /** a. */
  network: number;
  /** b z, of a linear model; none where it does not count. */
  linear?: {
    /** The word of each id that the network reads. */
    wordOf: Int32Array;
    /** b z for all features times α. */
    at(alpha: number): Float64Array;
    /** b z for the text without one of its words. */
    without(word: number): Float64Array;
    /** The share of each word in Σ_c g_c b (z_c(1) - z_c(0)), for a gradient g of the outputs. */
    shares(gradient: Float64Array): Float64Array;
  };
}

/** What of a model's answer is shared out among the words of a text. */
export interface Target {
  /** The label that it speaks for, where it does. */
  label?: string;
  /** The words that it is about, the first and behind the last; none where it is the whole text. */
  about?: { start: number; end: number };
  /** Its value for the outputs for a text: the log-odds of a label, or a number. */
  score(outputs: FloatArray): number;
  /** The gradient of the score for these outputs. */
  gradient(outputs: FloatArray): Float64Array;
}

/** What of an answer is to be explained. */
export interface Asked {
  /** The label to speak for. Default: the predicted one, or each of several. */
  label?: string;
  /** The place of a word, where words have labels. Default: each word, or entity. */
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

/** Why models of a task answer as they do. */
export interface TaskReasons<M extends AnyModel, Answer> {
  /** A text as it is read. */
  read(model: M, text: string): ExplainedText;
  /** What an answer for a text rests on. */
  targets(on: OnDevice<M>, answer: Answer, asked: Asked): Target[] | Promise<Target[]>;
}
