/**
 * Explanations of a tagger's labels: of each entity, or of each tag if the tags mark no entities.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import type { LinearTagger } from "../baseline/linear_tagger.ts";
import { placedFeatures } from "../baseline/tagger_shares.ts";
import { logOddsTarget, requireLabel } from "../classification/targets.ts";
import { InputError } from "../errors.ts";
import { crfMarginals, type CrfScores, readCrf, scaledCrf } from "../network/crf_sequences.ts";
import { logSumExp } from "../network/loss.ts";
import type { OutputMix, Target, TaskReasons } from "../reasons.ts";
import { networksOf } from "../task.ts";
import { tokenize } from "../text/tokenizer.ts";
import { entitiesIn, tagSchemeOf } from "./entities.ts";
import { writtenWords } from "./combine.ts";
import { spell } from "./letters.ts";
import type { TaggingModel } from "./model.ts";
import type { Tag } from "./predict.ts";

/** A span of consecutive words and its label. */
export interface Span {
  label: string;
  start: number;
  end: number;
}

/**
 * Explains the log-odds of each entity, which are the joint log-odds of its words' tags; of each
 * word's tag if the tags mark no entities; or of the tag of the requested word.
 */
export const tagReasons: TaskReasons<TaggingModel, Tag[]> = {
  read(model, text) {
    const words = tokenize(text, model.tokenizer), read = { words, ...spell(model, words) };
    const { calibration, linear, tokenizer } = model;
    if (!calibration) return read;
    const { network, linear: factor } = calibration;
    if (!linear || factor === 0) return { ...read, mix: { network } };
    const mixed = mixedTagger(linear, factor, writtenWords(text, tokenizer));
    return { ...read, mix: { network, linear: mixed } };
  },
  async targets(on, tags, { label, word }) {
    const { config, labels } = on.model;
    if (tags.length === 0) return [];
    if (label !== undefined && word === undefined) {
      throw new InputError("a tagger labels each word; give a word too, or leave the label out");
    }
    if (word !== undefined && !(word in tags)) {
      throw new InputError(`there is no word ${word}; the text has ${tags.length}, counted from 0`);
    }
    const own = config.crf ? await readCrf(on.ops, ...networksOf(on)) : undefined;
    const crf = own && scaledCrf(own, on.model.calibration?.network ?? 1);
    const given = tags.map((tag) => tag.label);
    const spans = word === undefined
      ? spansOf(on.model, given)
      : [{ label: label ?? given[word], start: word, end: word + 1 }];
    return spans.map((span) => {
      const path = given.slice(span.start, span.end).map((tag, i) =>
        requireLabel(labels, word === undefined ? tag : [span.label][i])
      );
      return { ...spanTarget(span, path, labels.length, crf), label: span.label };
    });
  },
};

/** Returns a linear tagger's contribution to the outputs for a text, times its factor. */
function mixedTagger(
  linear: LinearTagger,
  factor: number,
  words: readonly string[],
): NonNullable<OutputMix["linear"]> {
  const features = placedFeatures(linear, words), labels = linear.bias.length;
  const sum = (by: (of: number) => number) => {
    const z = Float64Array.from(
      { length: words.length * labels },
      (_, k) => factor * linear.bias[k % labels],
    );
    for (const { word, of, logits } of features) {
      for (let c = 0; c < labels; c++) z[word * labels + c] += factor * by(of) * logits[c];
    }
    return z;
  };
  return {
    wordOf: Int32Array.from(words, (_, t) => t),
    at: (alpha) => sum(() => alpha),
    without: (word) => sum((of) => of === word ? 0 : 1),
    shares(gradient) {
      const shares = new Float64Array(words.length);
      for (const { word, of, logits } of features) {
        for (let c = 0; c < labels; c++) {
          shares[of] += factor * gradient[word * labels + c] * logits[c];
        }
      }
      return shares;
    },
  };
}

/** Returns the entities that tags mark, or each word if tags mark no entities. */
function spansOf({ labels }: TaggingModel, tags: readonly string[]): Span[] {
  if (tagSchemeOf(labels) === undefined) {
    return tags.map((label, t) => ({ label, start: t, end: t + 1 }));
  }
  return entitiesIn(tags).map(({ type, start, end }) => ({ label: type, start, end }));
}

/**
 * Creates the target for the joint log-odds of some words' tags; E is the event of tags c_s … c_e:
 *
 *     ln p(E) - ln (1 - p(E)) = ln Z(E) - ln Σ_k Z(E_k)
 *
 * Z is the sum over an event's sequences, and E_k the event of these tags before word k and another
 * tag at k. The gradient of ln Z for the logits is each tag's marginal probability in the event.
 */
export function spanTarget(
  { label, start, end }: Span,
  path: readonly number[],
  labels: number,
  crf: CrfScores | undefined,
): Target {
  const about = { start, end };
  if (!crf && path.length === 1) {
    return { ...logOddsTarget(label, path[0], labels, start * labels), about };
  }
  // Without a CRF, words outside the span have no effect.
  const [from, scores] = crf ? [0, crf] : [start, independent(labels)];
  const own = (outputs: FloatArray) =>
    crf ? outputs : outputs.subarray(start * labels, end * labels);
  const among = (outputs: FloatArray) => {
    const y = own(outputs);
    const first = (start - from) * labels;
    const only = (upTo: number, isOther: boolean) => {
      const left = Float64Array.from(y);
      for (const [t, c] of path.slice(0, upTo).entries()) {
        const at = first + t * labels, isLeftOut = isOther && t === upTo - 1;
        for (let j = 0; j < labels; j++) if ((j === c) === isLeftOut) left[at + j] = NOTHING;
      }
      return crfMarginals(scores, left);
    };
    return {
      those: only(path.length, false),
      others: path.map((_, k) => only(k + 1, true)),
    };
  };
  return {
    about,
    score(outputs) {
      const { those, others } = among(outputs);
      return those.logZ - logSumExp(others.map(({ logZ }) => logZ));
    },
    gradient(outputs) {
      const { those, others } = among(outputs);
      const sum = logSumExp(others.map(({ logZ }) => logZ));
      const gradient = new Float64Array(outputs.length);
      for (let k = 0; k < those.marginals.length; k++) {
        let expected = 0;
        for (const { logZ, marginals } of others) expected += Math.exp(logZ - sum) * marginals[k];
        gradient[from * labels + k] = those.marginals[k] - expected;
      }
      return gradient;
    },
  };
}

// Far below any logit, yet finite: its exponential is 0.
const NOTHING = -1e30;

/** Returns a CRF with zero scores, in which each word's tag is independent of the others. */
function independent(labels: number): CrfScores {
  const none = new Float64Array(labels), pairs = new Float64Array(labels * labels);
  const factors = new Float64Array(labels * labels).fill(1);
  return { labels, start: none, end: none, transitions: pairs, factors, largest: 0 };
}
