/**
 * The predictions of an exported module for texts. As in `network.ts`, each function is emitted
 * into the module unchanged.
 *
 * @module
 */
import { logSoftmaxRows } from "../../../baseline/mixing.ts";
import { BUCKETS, type FeatureKind } from "../../../baseline/ngrams.ts";
import type { Columns, NgramIndex } from "../../../baseline/tfidf.ts";
import { crfPredict } from "../../../network/crf_sequences.ts";
import { argmax } from "../../../network/loss.ts";
import { mixedLogits } from "../../../tagging/combine.ts";
import { encode, indexWords, wordsRead } from "../../../text/vocabulary.ts";
import {
  combiner,
  crf,
  crfLogits,
  DEVIATION,
  LABELS,
  LINEAR,
  linearLogits,
  logOdds,
  logProbabilities,
  MEAN,
  NETWORK,
  ORIGINAL,
  taggerLogits,
  THRESHOLDS,
  tokenize,
  TRUST,
  VOCABULARY,
  wordOf,
  words,
  WRITTEN,
} from "./model.ts";
import { sigmoid, textOutputs, wordOutputs } from "./network.ts";
import type { Row } from "./types.ts";

/** Returns the numbers of a row by label. */
export function byLabel(row: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(LABELS.map((label, c) => [label, row[c]]));
}

/** Returns a text's tokens, their ids, and the word counts that accompany a prediction. */
export function readText(text: string) {
  const tokens = tokenize(text), ids = encode(tokens, words());
  return { tokens, ids, read: wordsRead(tokens, ids) };
}

/** Returns the id of each word. */
export function indexed(): Map<string, number> {
  return indexWords(VOCABULARY);
}

/** Predicts the label of a text. */
export function predictLabel(text: string) {
  const { tokens, ids, read } = readText(text);
  const p = logProbabilities(textOutputs(ids, tokens), [text]).map(Math.exp);
  const best = argmax(p, 0, p.length);
  return { label: LABELS[best], probabilities: byLabel(p), ...read };
}

/** Predicts the label of a text, and whether its probability is below the trust threshold. */
export function predictWithTrust(text: string) {
  const answer = predictLabel(text);
  return { ...answer, isUnsure: answer.probabilities[answer.label] < TRUST };
}

/** Predicts the labels of a text. */
export function predictLabels(text: string) {
  const { tokens, ids, read } = readText(text);
  const p = logOdds(textOutputs(ids, tokens), text).map(sigmoid);
  const given = LABELS.map((_, c) => c).filter((c) => p[c] >= THRESHOLDS[c])
    .sort((a, b) => p[b] - p[a]);
  return { labels: given.map((c) => LABELS[c]), probabilities: byLabel(p), ...read };
}

/** Predicts a number for a text. */
export function predictNumber(text: string) {
  const { tokens, ids, read } = readText(text);
  return { value: MEAN + DEVIATION * textOutputs(ids, tokens)[0], ...read };
}

/** Predicts the label of each word of a text. */
export function predictTags(text: string) {
  const tokens = tokenize(text);
  if (tokens.length === 0) return [];
  const ids = encode(tokens.map(wordOf), words());
  const p = logProbabilities(wordOutputs(ids, tokens), [text]).map(Math.exp);
  return tokenize(text, ORIGINAL).map((word, t) => {
    const best = argmax(p, t, LABELS.length);
    const probability = p[t * LABELS.length + best];
    return { word, label: LABELS[best], probability, known: ids[t] !== 0 };
  });
}

/** Predicts the most probable label sequence for the words of a text, with a CRF. */
export function predictSequence(text: string) {
  const tokens = tokenize(text);
  if (tokens.length === 0) return [];
  const ids = encode(tokens.map(wordOf), words());
  const { path, marginals } = crfPredict(crf(), crfLogits(wordOutputs(ids, tokens), text));
  return tokenize(text, ORIGINAL).map((word, t) => {
    const probability = marginals[t * LABELS.length + path[t]];
    return { word, label: LABELS[path[t]], probability, known: ids[t] !== 0 };
  });
}

/** Computes log softmax(y), row by row. */
export function ownProbabilities(y: Row): Row {
  return logSoftmaxRows(y, LABELS.length);
}

/** Computes ln p of the network and the linear model combined, or of a calibrated network. */
export function mixedProbabilities(y: Row, texts: string[]): Row {
  return combiner()(y, texts).answer;
}

/** Computes the log-odds of the network and the linear model combined. */
export function mixedOdds(y: Row, text: string): Row {
  return mixedLogits(y, linearLogits()([text]), NETWORK, LINEAR);
}

/** Computes the log-odds of a network with a temperature. */
export function scaledOdds(y: Row): Row {
  return y.map((each) => NETWORK * each);
}

/** Returns the logits unchanged. */
export function ownLogits(y: Row): Row {
  return y;
}

/** Computes the logits of the network and the linear model combined, for a CRF. */
export function mixedCrfLogits(y: Row, text: string): Row {
  const other = logSoftmaxRows(contextLogits([text]), LABELS.length);
  return mixedLogits(y, other, NETWORK, LINEAR);
}

/** Computes the linear model's logits of the words of texts, in their original spelling. */
export function contextLogits(texts: Iterable<string>): Row {
  return taggerLogits()(Array.from(texts, (text) => tokenize(text, WRITTEN)));
}

/** Assigns a column to each n-gram, like the linear model's own, in less code but more memory. */
export function columnsOf(indexes: readonly NgramIndex<FeatureKind>[]): Columns {
  let next = 0;
  return indexes.map(({ buckets }) => {
    const places = new Uint32Array(BUCKETS); // 1 + column
    for (const bucket of buckets) places[bucket] = ++next;
    return (bucket) => places[bucket] - 1;
  });
}
