/**
 * What an exported module answers for a text or a series. As with `network.ts`, each function is
 * written into the module as it stands.
 *
 * @module
 */
import type { Combiner } from "../../../classification/combine.ts";
import type { CrfPrediction, CrfScores } from "../../../network/crf_sequences.ts";
import type { argmax as argmaxOf } from "../../../network/loss.ts";
import type {
  encode as encodeAll,
  indexWords as indexAll,
  wordsRead as readAll,
} from "../../../text/vocabulary.ts";
import type { Row } from "./network.ts";

declare const LABELS: readonly string[], VOCABULARY: readonly string[];
declare const TRUST: number;
declare const THRESHOLDS: readonly number[];
declare const MEAN: number, DEVIATION: number;
declare const argmax: typeof argmaxOf;
declare const encode: typeof encodeAll;
declare const indexWords: typeof indexAll;
declare const wordsRead: typeof readAll;
declare function tokenize(text: string): string[];
declare function tokenize(text: string, options: unknown): string[];
declare function wordOf(token: string): string;
declare function words(): Map<string, number>;
declare function textOutputs(ids: ArrayLike<number>, tokens: string[]): Row;
declare function wordOutputs(ids: ArrayLike<number>, tokens: string[]): Row;
declare function logProbabilities(y: Row, texts: string[]): Row;
declare function logOdds(y: Row, text: string): Row;
declare function crfLogits(y: Row, text: string): Row;
declare function crf(): CrfScores;
declare function crfPredict(scores: CrfScores, y: Row): CrfPrediction;
declare function sigmoid(x: number): number;
declare function combiner(): Combiner;
declare const WRITTEN: unknown;
declare function linearLogits(): (texts: Iterable<string>) => Row;
declare const LINEAR: number, NETWORK: number;
declare function taggerLogits(): (texts: Iterable<readonly string[]>) => Row;
declare function logSoftmaxRows(y: Row, classes: number): Row;
declare function mixedLogits(network: Row, linear: Row | undefined, a: number, b: number): Row;

/** A number for each label. */
export function byLabel(row: ArrayLike<number>): Record<string, number> {
  return Object.fromEntries(LABELS.map((label, c) => [label, row[c]]));
}

/** The tokens of a text, their ids, and what is said of them beside an answer. */
export function readText(text: string) {
  const tokens = tokenize(text), ids = encode(tokens, words());
  return { tokens, ids, read: wordsRead(tokens, ids) };
}

/** The ids of words. */
export function indexed(): Map<string, number> {
  return indexWords(VOCABULARY);
}

/** The label of a text. */
export function predictLabel(text: string) {
  const { tokens, ids, read } = readText(text);
  const p = logProbabilities(textOutputs(ids, tokens), [text]).map(Math.exp);
  const best = argmax(p, 0, p.length);
  return { label: LABELS[best], probabilities: byLabel(p), ...read };
}

/** The same, and whether its probability is below the level of trust. */
export function predictWithTrust(text: string) {
  const answer = predictLabel(text);
  return { ...answer, isUnsure: answer.probabilities[answer.label] < TRUST };
}

/** The labels of a text. */
export function predictLabels(text: string) {
  const { tokens, ids, read } = readText(text);
  const p = logOdds(textOutputs(ids, tokens), text).map(sigmoid);
  const given = LABELS.map((_, c) => c).filter((c) => p[c] >= THRESHOLDS[c])
    .sort((a, b) => p[b] - p[a]);
  return { labels: given.map((c) => LABELS[c]), probabilities: byLabel(p), ...read };
}

/** The number for a text. */
export function predictNumber(text: string) {
  const { tokens, ids, read } = readText(text);
  return { value: MEAN + DEVIATION * textOutputs(ids, tokens)[0], ...read };
}

/** The label of each word of a text. */
export function predictTags(text: string) {
  const tokens = tokenize(text);
  if (tokens.length === 0) return [];
  const ids = encode(tokens.map(wordOf), words());
  const p = logProbabilities(wordOutputs(ids, tokens), [text]).map(Math.exp);
  return tokens.map((word, t) => {
    const best = argmax(p, t, LABELS.length);
    const probability = p[t * LABELS.length + best];
    return { word, label: LABELS[best], probability, known: ids[t] !== 0 };
  });
}

/** The most probable sequence of labels for the words of a text. */
export function predictSequence(text: string) {
  const tokens = tokenize(text);
  if (tokens.length === 0) return [];
  const ids = encode(tokens.map(wordOf), words());
  const { path, marginals } = crfPredict(crf(), crfLogits(wordOutputs(ids, tokens), text));
  return tokens.map((word, t) => {
    const probability = marginals[t * LABELS.length + path[t]];
    return { word, label: LABELS[path[t]], probability, known: ids[t] !== 0 };
  });
}

/** ln softmax(y), row by row. */
export function ownProbabilities(y: Row): Row {
  return logSoftmaxRows(y, LABELS.length);
}

/** ln p of network and linear model together, or of a network with a temperature. */
export function mixedProbabilities(y: Row, texts: string[]): Row {
  return combiner()(y, texts).answer;
}

/** The log-odds of network and linear model together. */
export function mixedOdds(y: Row, text: string): Row {
  return mixedLogits(y, linearLogits()([text]), NETWORK, LINEAR);
}

/** The log-odds of a network with a temperature. */
export function scaledOdds(y: Row): Row {
  return y.map((each) => NETWORK * each);
}

/** The logits themselves. */
export function ownLogits(y: Row): Row {
  return y;
}

/** Logits for a CRF, of network and linear model together. */
export function mixedCrfLogits(y: Row, text: string): Row {
  const other = logSoftmaxRows(contextLogits([text]), LABELS.length);
  return mixedLogits(y, other, NETWORK, LINEAR);
}

/** The logits that a linear model gives the words of texts, as they are written. */
export function contextLogits(texts: Iterable<string>): Row {
  return taggerLogits()(Array.from(texts, (text) => tokenize(text, WRITTEN)));
}
