/**
 * Explanations of classifiers' answers: what the network and the linear model contribute.
 *
 * @module
 */
import type { LinearClassifier } from "../baseline/linear.ts";
import { linearShares } from "../baseline/linear_shares.ts";
import type { ExplainedText, OutputMix, TaskReasons } from "../reasons.ts";
import { tokenize } from "../text/tokenizer.ts";
import { wordPlaces } from "../text/word_places.ts";
import { linearLogitsOf } from "./combine.ts";
import type { ClassificationModel } from "./model.ts";
import { type Prediction, sentencesOf } from "./predict.ts";
import { logOddsTarget, requireLabel, requireWholeText } from "./targets.ts";

/** Returns the words of a text, and the parts that only the linear model of a mixture reads. */
export function readText(model: Omit<ClassificationModel, "task">, text: string): ExplainedText {
  const { calibration, linear, tokenizer } = model;
  const { tokens: [words], sentences: [ids] } = sentencesOf(model, [text]);
  if (!calibration) return { words, ids };
  const { network } = calibration;
  if (!linear || calibration.linear === 0) return { words, ids, mix: { network } };
  const whole = tokenize(text, { ...tokenizer, maxLength: undefined });
  const first = tokenizer.truncate === "start" ? whole.length - words.length : 0;
  const parts = partsOf(text, whole);
  const wordOf = parts.ofTokens.slice(first, first + words.length);
  const mixed = mixedLinear(linear, calibration.linear, text, parts);
  return { words: parts.words, ids, mix: { network, linear: { wordOf, ...mixed } } };
}

/** Explains the log-odds of the predicted label, or of the requested one. */
export const labelReasons: TaskReasons<ClassificationModel, Prediction> = {
  read: readText,
  targets({ model: { labels } }, answer, asked) {
    requireWholeText(asked);
    const c = requireLabel(labels, asked.label ?? answer.label);
    return [logOddsTarget(labels[c], c, labels.length)];
  },
};

/** The parts of a text: words, punctuation and everything else except white space. */
interface Parts {
  /** The parts. */
  words: string[];
  /** The part of each UTF-16 code unit; -1 for white space. */
  partAt: Int32Array;
  /** The part of each token. */
  ofTokens: Int32Array;
}

/** Splits a text into its tokens and the parts that only a linear model reads. */
function partsOf(text: string, tokens: readonly string[]): Parts {
  const words: string[] = [], partAt = new Int32Array(text.length).fill(-1);
  const ofTokens = new Int32Array(tokens.length);
  let lost: number[] = []; // parts of tokens that the text spells differently
  let end = 0;
  const closeGap = (start: number) => {
    if (lost.length > 0) { // they share the characters of the gap
      for (let at = end; at < start; at++) {
        if (/\S/u.test(text[at])) {
          partAt[at] = lost[Math.floor((at - end) * lost.length / (start - end))];
        }
      }
      lost = [];
      return;
    }
    for (const { 0: run, index } of text.slice(end, start).matchAll(/\S+/gu)) {
      partAt.fill(words.length, end + index, end + index + run.length);
      words.push(run);
    }
  };
  for (const [t, start] of wordPlaces(text, tokens).entries()) {
    if (start < 0) lost.push(words.length);
    else {
      closeGap(start);
      end = start + tokens[t].length;
      partAt.fill(words.length, start, end);
    }
    ofTokens[t] = words.length;
    words.push(tokens[t]);
  }
  closeGap(text.length);
  return { words, partAt, ofTokens };
}

/** Returns a linear model's contribution to the outputs for a text, times its factor. */
function mixedLinear(
  linear: LinearClassifier,
  factor: number,
  text: string,
  { words, partAt }: Parts,
): Omit<NonNullable<OutputMix["linear"]>, "wordOf"> {
  const logitsOf = linearLogitsOf(linear), whole = logitsOf([text]), { bias } = linear;
  return {
    at: (alpha) => whole.map((each, c) => factor * (bias[c] + alpha * (each - bias[c]))),
    without: (word) => {
      const start = partAt.indexOf(word), end = partAt.lastIndexOf(word) + 1;
      const rest = start < 0 ? text : text.slice(0, start) + text.slice(end);
      return logitsOf([rest]).map((each) => factor * each);
    },
    shares: (gradient) =>
      linearShares(linear, text, { count: words.length, partAt }, gradient)
        .map((each) => factor * each),
  };
}
