/**
 * Inspection of a network, by core.
 *
 * @module
 */
import {
  type Backend,
  type Example,
  type FloatArray,
  type Model,
  shapesOf,
  traceGradients,
  traceSteps,
  traceWords,
  type Weights,
  writtenLabels,
} from "@unroll/core/texts";
import type { Drivers, Gradients, Look, WeightMaps } from "../picture_protocol.ts";
import { trainingOf } from "../run_settings.ts";
import type { Settings } from "../settings.ts";
import { taskOf } from "../tasks/tasks.ts";
import { CORE } from "./core.ts";
import { heatMapOf, markedIn } from "./heat.ts";

/** The maximum number of words of a sentence in the picture. */
export const MAX_WORDS = 60;
const MAX_DRIVING = 4000; // words that are read alone
const TOP = 6; // words that drive a unit most

/** Traces a network over a text: the forward pass and, if the label is known, the backward pass. */
export async function lookAt(
  backend: Backend,
  model: Model,
  settings: Settings,
  { text, actual }: { text: string; actual?: string },
  isCareful: boolean,
): Promise<Look> {
  const { config, labels } = model;
  const task = taskOf(settings);
  const label = task.readFor(actual, writtenLabels(model));
  const trace = await traceSteps(backend, model, text, { maxWords: MAX_WORDS, label });
  const { words } = trace;
  const on = { core: CORE, backend, model };
  const look: Look = {
    ...trace,
    text,
    actual: label ?? actual,
    config,
    labels,
    vocabulary: model.vocabulary.length,
    isCut: words.length >= MAX_WORDS + Number(task.isWriting), // plus the start mark
    shown: MAX_WORDS,
    unit: task.unit(settings),
    task: task.name,
    ...await task.details(on, { text, words, isCareful, maxWords: MAX_WORDS }),
  };
  const target = task.target(look.actual);
  if (target !== undefined && !look.isCut) {
    look.gradients = await gradientsOf(backend, model, settings, { text, label: target });
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

/** Returns the words that drive a unit of the top layer up, and down, the most. */
export function driversOf(states: FloatArray, model: Model, unit: number): Drivers {
  const { vocabulary } = model;
  const count = Math.min(MAX_DRIVING, vocabulary.length), width = states.length / count;
  const all = vocabulary.slice(1, count).map((word, i) => ({
    word,
    value: states[(i + 1) * width + unit],
  })).sort((a, b) => b.value - a.value);
  return { unit, up: all.slice(0, TOP), down: all.slice(-TOP).reverse() };
}

/** Computes the state after each word read alone; see {@linkcode driversOf}. */
export async function statesOfWords(backend: Backend, model: Model): Promise<FloatArray> {
  return await traceWords(backend, model, { maxWords: MAX_DRIVING });
}

/** Returns heat maps of the weights, before training and now. */
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
