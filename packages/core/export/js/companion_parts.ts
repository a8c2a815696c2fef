/**
 * The declarations of an exported module that complement its network: a linear model, a temperature
 * and a CRF.
 *
 * @module
 */
import { logSoftmaxRows } from "../../baseline/mixing.ts";
import { linearLogits, logitsOfRows, TOGETHER } from "../../baseline/linear.ts";
import { linearTaggerSource } from "../../baseline/linear_tagger.ts";
import { type FeatureKind, ngramSource } from "../../baseline/ngrams.ts";
import { tfidfSource } from "../../baseline/tfidf.ts";
import { featureSource } from "../../baseline/word_features.ts";
import { combinerWith, type Companions } from "../../classification/combine.ts";
import type { MultiLabelModel } from "../../multi_label/model.ts";
import { crfSource } from "../../network/crf_sequences.ts";
import { argmax, logSumExp } from "../../network/loss.ts";
import { mixedLogits } from "../../tagging/combine.ts";
import type { TaggingModel } from "../../tagging/model.ts";
import * as parts from "./parts/answers.ts";
import { code, type Declarations } from "./source.ts";
import { HAS_IDF, isMixed } from "./tensors.ts";

/** Returns the declarations that the predictions of all labeling models depend on. */
export function answerParts(): Declarations {
  return { ...parts, argmax, logSoftmaxRows, logSumExp, combinerWith, mixedLogits };
}

/** Returns the declarations of a linear model, which is assembled from its tensors. */
function linearParts({ linear }: Companions<FeatureKind>): Declarations {
  const kinds = linear?.ngrams.map(({ kind }, i) => {
    const more = HAS_IDF[kind] ? `kind: "${kind}", idf: all["linear.idf${i}"], ` : "";
    return `{ ${more}buckets: all["linear.buckets${i}"] }`;
  });
  return {
    logitsOfRows,
    LINEAR_MODEL: code(
      `() => {\n  const all = tensors();\n  return {\n    ngrams: [${kinds?.join(", ")}],\n` +
        `    weight: all["linear.weight"],\n    bias: all["linear.bias"],\n  };\n}`,
    ),
  };
}

/** Returns the declarations of a linear model on n-grams of texts. */
function ngramParts(model: Companions): Declarations {
  return {
    ...ngramSource(),
    ...tfidfSource(),
    placeOf: undefined,
    ...linearParts(model),
    TOGETHER,
    makeLinear: linearLogits,
    linearLogits: code("once(() => makeLinear(LINEAR_MODEL()))"),
  };
}

/** Returns the declarations of a linear tagger, on words and their neighbors. */
function contextParts(model: Companions<FeatureKind>): Declarations {
  const { hashed, bucketOf, OFFSET, PRIME, BUCKETS } = ngramSource();
  const { taggerLogits: makeTagger, ...own } = linearTaggerSource();
  return {
    ...{ hashed, bucketOf, OFFSET, PRIME, BUCKETS },
    ...featureSource(),
    ...own,
    ...linearParts(model),
    makeTagger,
    taggerLogits: code("once(() => makeTagger(LINEAR_MODEL()))"),
  };
}

/** Returns the declarations that compute probabilities, with a temperature or a linear model. */
function probabilityParts(model: Companions<FeatureKind>, logits: string): Declarations {
  const { calibration } = model;
  if (!calibration) return { logProbabilities: parts.ownProbabilities };
  const { network, linear } = calibration;
  const mix = `calibration: { network: ${network}, linear: ${linear} }, labels: LABELS`;
  const given = isMixed(model) ? `{ linear: true, ${mix} }, ${logits}` : `{ ${mix} }`;
  return {
    combiner: code(`once(() => combinerWith(${given}))`),
    logProbabilities: parts.mixedProbabilities,
  };
}

/** Returns the declarations of a text classifier. */
export function classifierParts(model: Companions): Declarations {
  const { trust } = model.calibration ?? {};
  return {
    ...answerParts(),
    ...ngramParts(model),
    ...probabilityParts(model, "linearLogits()"),
    TRUST: trust?.probability,
    predict: trust ? parts.predictWithTrust : parts.predictLabel,
  };
}

/** Returns the declarations of a multi-label classifier. */
export function multiLabelParts(model: MultiLabelModel): Declarations {
  const { calibration } = model;
  return {
    ...answerParts(),
    ...ngramParts(model),
    NETWORK: calibration?.network ?? 1,
    LINEAR: calibration?.linear ?? 0,
    logOdds: !calibration ? parts.ownLogits : isMixed(model) ? parts.mixedOdds : parts.scaledOdds,
    predict: parts.predictLabels,
  };
}

/** Returns the declarations of a tagger. */
export function taggerParts(model: TaggingModel): Declarations {
  const { calibration, config } = model;
  const linear = { ...answerParts(), ...contextParts(model) };
  if (!config.crf) {
    return {
      ...linear,
      ...probabilityParts(model, "contextLogits"),
      predict: parts.predictTags,
    };
  }
  return {
    ...linear,
    ...crfSource(),
    NETWORK: calibration?.network ?? 1,
    LINEAR: calibration?.linear ?? 0,
    crfLogits: isMixed(model)
      ? parts.mixedCrfLogits
      : calibration
      ? parts.scaledOdds
      : parts.ownLogits,
    crf: code(
      'once(() => scoresOf(...["start", "end", "transitions"].map((name) => tensors()["crf." + name])))',
    ),
    predict: parts.predictSequence,
  };
}
