/**
 * What the page shows of a network, read from it by core.
 *
 * @module
 */
import {
  type Backend,
  createModel,
  type Example,
  type FloatArray,
  type Model,
  predict,
  shapesOf,
  splitSymbols,
  tokenize,
  type TokenizerOptions,
  traceGradients,
  traceSteps,
  traceWords,
  translate,
  type Weights,
  writtenLabels,
} from "@unroll/core";
import type { Drivers, Gradients, Look, Reach, WeightMaps } from "../protocol.ts";
import { type Settings, trainingOf } from "../settings.ts";
import { heatMapOf, markedIn } from "./heat.ts";
import { taskOf } from "./tasks.ts";

const MAX_WORDS = 60; // of a sentence in the picture
const MAX_LEFT_OUT = 30; // words of which each is left out once
const MAX_DRIVING = 4000; // words that are tried alone
const TOP = 6; // words that drive a unit most
const ENOUGH = 1000; // examples to make fresh networks for
const COMPARED_HIDDEN = 32; // units of the networks whose gradients are compared

/** The text as the network goes through it, forward and, where its label is known, backward. */
export async function lookAt(
  backend: Backend,
  model: Model,
  settings: Settings,
  { text, truth }: { text: string; truth?: string },
  isCareful: boolean,
): Promise<Look> {
  const { config, labels } = model;
  const task = taskOf(model);
  const label = task === "generate-from-label" ? truth ?? writtenLabels(model)[0] : undefined;
  const trace = await traceSteps(backend, model, text, { maxWords: MAX_WORDS, label });
  const look: Look = {
    ...trace,
    text,
    truth: label ?? truth,
    config,
    labels,
    vocabulary: model.vocabulary.length,
    isCut: trace.words.length >= MAX_WORDS,
    task,
  };
  if (task === "translate") {
    [look.translation] = await translate(backend, model, [text], { maxLength: MAX_WORDS });
  }
  const { words } = trace;
  const target = task === "language-model" ? "" : look.truth;
  if (target !== undefined && !look.isCut) {
    look.gradients = await gradientsOf(backend, model, settings, { text, label: target });
  }
  const canLeaveOut = task === "classification" && config.head !== "token";
  if (isCareful && canLeaveOut && words.length > 1 && words.length <= MAX_LEFT_OUT) {
    const texts = words.map((_, t) => words.filter((_, i) => i !== t).join(" "));
    const verdicts = await predict(backend, model, texts);
    look.without = verdicts.map(({ probabilities }) => labels.map((label) => probabilities[label]));
  }
  return look;
}

async function gradientsOf(
  backend: Backend,
  model: Model,
  settings: Settings,
  example: Example,
): Promise<Gradients> {
  const { clip = Infinity, clipNorm } = trainingOf(settings, false);
  const trace = await traceGradients(backend, model, example, { clip, clipNorm });
  const weights: Gradients["weights"] = {};
  for (const [name, { values, columns, norm, clipped }] of Object.entries(trace.weights)) {
    const map = heatMapOf(values, columns);
    weights[name] = { norm, clipped, size: values.length, map, marked: markedIn(map, clip) };
  }
  return { ...trace, weights };
}

/** The words that drive a unit of the top layer most, either way. */
export function driversOf(states: FloatArray, model: Model, unit: number): Drivers {
  const { vocabulary } = model;
  const count = Math.min(MAX_DRIVING, vocabulary.length), width = states.length / count;
  const all = vocabulary.slice(1, count).map((word, i) => ({
    word,
    value: states[(i + 1) * width + unit],
  })).sort((a, b) => b.value - a.value);
  return { unit, up: all.slice(0, TOP), down: all.slice(-TOP).reverse() };
}

/** Each word's state alone; see {@linkcode driversOf}. */
export async function statesOfWords(backend: Backend, model: Model): Promise<FloatArray> {
  return await traceWords(backend, model, { maxWords: MAX_DRIVING });
}

/** The weights before and now. */
export function weightMapsOf(model: Model, before: Weights<FloatArray>): WeightMaps {
  const shapes = shapesOf(model);
  const maps: WeightMaps = {};
  for (const [name, [rows, columns]] of Object.entries(shapes)) {
    maps[name] = {
      shape: [rows, columns],
      before: heatMapOf(before[name], columns),
      now: heatMapOf(model.weights[name], columns),
    };
  }
  return maps;
}

/**
 * How far the gradient reaches back over a long text, in a fresh rnn, a fresh lstm, and in the
 * network itself. The text is sentences of the data in a row.
 */
export async function reachOf(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
  settings: Settings,
  length: number,
): Promise<Reach> {
  const { embedding, seed } = settings;
  const shared = {
    hidden: Math.min(COMPARED_HIDDEN, settings.hidden),
    embedding,
    init: "scaled",
    seed,
  } as const;
  const task = taskOf(model);
  const isTagger = task === "classification" && model.config.head === "token";
  const some = task === "classification"
    ? examples.slice(0, ENOUGH)
    : inPieces(examples.slice(0, ENOUGH), model);
  const tokenizer = task === "classification" ? model.tokenizer : BY_SPACES;
  const long = longExample(some, length, isTagger);
  const last = isTagger ? lastLabel(long) : long;
  const curves: Reach["curves"] = [];
  for (const cell of ["rnn", "lstm"] as const) {
    const labelled = isTagger ? some.map(lastLabel) : some;
    const fresh = createModel(labelled, { ...shared, tokenizer, cell });
    const { steps } = await traceGradients(backend, fresh, last);
    curves.push({ name: cell, steps });
  }
  if (task === "classification") {
    const { steps } = await traceGradients(backend, model, long);
    curves.push({ name: "own", steps });
  }
  return { words: tokenize(long.text, tokenizer), curves };
}

const BY_SPACES: TokenizerOptions = { lowerCase: false, punctuation: "keep", split: "spaces" };

const PIECE = 20; // symbols

/**
 * Texts as pieces of symbols with blanks between them, each with one of two labels: only how far one
 * sees back counts.
 */
function inPieces(examples: readonly Example[], { unit }: Model): Example[] {
  const symbols = examples.flatMap(({ text }) => splitSymbols(text, unit!))
    .filter((symbol) => symbol.trim() !== "").slice(0, ENOUGH * PIECE);
  const count = Math.max(2, Math.ceil(symbols.length / PIECE));
  return Array.from({ length: count }, (_, i) => ({
    text: symbols.slice(i * PIECE, (i + 1) * PIECE).join(" ") || symbols.join(" "),
    label: i % 2 === 0 ? "a" : "b",
  }));
}

/** A sentence of tags as one with a single label: that of its last word. */
function lastLabel({ text, label }: Example): Example {
  return { text, label: label.trim().split(/\s+/).at(-1)! };
}

/** Sentences in a row, so many words of them; the label is the last one's, or a tag for each word. */
function longExample(examples: readonly Example[], length: number, isTagger: boolean): Example {
  const words: string[] = [], tags: string[] = [];
  let label = "";
  for (let i = 0; words.length < length; i = (i + 1) % examples.length) {
    for (const word of examples[i].text.trim().split(/\s+/)) words.push(word);
    for (const tag of examples[i].label.trim().split(/\s+/)) tags.push(tag);
    label = examples[i].label;
  }
  const text = words.slice(0, length).join(" ");
  return { text, label: isTagger ? tags.slice(0, length).join(" ") : label };
}
