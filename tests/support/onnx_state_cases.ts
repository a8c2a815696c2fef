/**
 * ONNX cases of models with states as inputs and outputs.
 *
 * @module
 */
import type { ForecastModel, LanguageModel, Series, TranslationModel } from "@unroll/core";
import { assert } from "@std/assert";
import { exportOnnx, type OnnxFile } from "@unroll/core/export";
import { stepsOf } from "#core/forecast/form.ts";
import { createForecastBatch, forecastForward } from "#core/forecast/network.ts";
import { unscaled } from "#core/forecast/scaling.ts";
import { gatherWindows } from "#core/forecast/windows.ts";
import { createBatch } from "#core/network/batch.ts";
import type { NetworkConfig } from "#core/network/config.ts";
import { forward } from "#core/network/network.ts";
import { finalStates } from "#core/network/states.ts";
import { seq2seqForward } from "#core/translation/network.ts";
import { uploadPairs } from "#core/translation/pairs.ts";
import { someWindows } from "./forecast.ts";
import type { OnnxRun } from "./onnx_runtime.ts";
import {
  byText,
  doubles,
  floats,
  ints,
  longest,
  numbersOf,
  type OnnxCase,
  ops,
  padded,
} from "./onnx_feeds.ts";

/** Returns zeros for a graph's input states, `[layers, batch, hidden]`. */
function firstStates({ layers, hidden }: NetworkConfig, { inputs }: OnnxFile, size: number) {
  const zeros = floats([layers, size, hidden], new Float32Array(layers * size * hidden));
  return Object.fromEntries(statesOf(inputs).map((name) => [name, zeros]));
}

/** Returns the names of a graph's input states. */
function statesOf(inputs: OnnxFile["inputs"]): string[] {
  return inputs.map(({ name }) => name).filter((name) => name === "h" || name === "c");
}

/** Returns the output states of the previous run. */
function previousStates({ inputs }: OnnxFile, suffix: string): OnnxRun["feeds"] {
  return Object.fromEntries(statesOf(inputs).map((name) => [name, { previous: name + suffix }]));
}

/** Returns cases of a language model: several symbols, then one more from their final states. */
export async function languageCases(
  name: string,
  model: LanguageModel,
  texts: readonly number[][],
): Promise<OnnxCase[]> {
  const { config, vocabulary, labels } = model, size = texts.length, classes = labels.length;
  const [y, ...states] = await numbersOf(model, (weights) => {
    const sentences = texts.map((ids) => Int32Array.from(ids));
    const batch = createBatch(ops, config, sentences, vocabulary.length);
    const { logits, layers } = forward(ops, config, weights, batch);
    const last = finalStates(ops, layers, size);
    return [logits, ops.concatRows(last.map(({ h }) => h))];
  });
  const all = byText(y, size, classes), steps = texts[0].length;
  const { files: [file] } = exportOnnx(model), bytes = file.content;
  const part = (from: number, to: number) =>
    texts.flatMap((
      _,
      i,
    ) => [...all.slice((i * steps + from) * classes, (i * steps + to) * classes)]);
  const ids = (from: number, to: number) =>
    ints("int64", [size, to - from], texts.flatMap((text) => text.slice(from, to)));
  return [
    {
      name: `${name}, the first symbols`,
      bytes,
      feeds: { symbols: ids(0, steps - 1), ...firstStates(config, file, size) },
      expected: { logits: part(0, steps - 1) },
    },
    {
      name: `${name}, one more`,
      bytes,
      feeds: { symbols: ids(steps - 1, steps), ...previousStates(file, "_next") },
      expected: { logits: part(steps - 1, steps), h_next: states[0] },
    },
  ];
}

/** Returns cases of both halves of a translation model. */
export async function translationCases(
  name: string,
  model: TranslationModel,
  sources: readonly number[][],
  targets: readonly number[][],
): Promise<OnnxCase[]> {
  const { config, vocabulary, labels } = model, size = sources.length;
  const sourceSteps = longest(sources), targetSteps = targets[0].length;
  const lengths = sources.map(({ length }) => length);
  const [y] = await numbersOf(model, (weights) => {
    const batch = uploadPairs(ops, config, weights, {
      sources: sources.map((ids) => Int32Array.from(ids)),
      sourceSteps,
      symbols: vocabulary.length,
      inputs: targets.map((ids) => Int32Array.from(ids)),
      targets: [],
      targetSteps,
    });
    return [seq2seqForward(ops, config, weights, batch).decoded.logits];
  });
  const { files: [encoder, decoder] } = exportOnnx(model);
  const counts = ints("int32", [size], lengths);
  return [
    {
      name: `${name}, encoder`,
      bytes: encoder.content,
      feeds: {
        source: ints("int64", [size, sourceSteps], padded(sources, sourceSteps)),
        lengths: counts,
      },
      expected: {},
    },
    {
      name: `${name}, decoder`,
      bytes: decoder.content,
      feeds: {
        target: ints("int64", [size, targetSteps], targets.flat()),
        ...previousStates(decoder, ""),
        ...(model.attention !== "none"
          ? { memory: { previous: "memory" }, source_lengths: counts }
          : {}),
      },
      expected: { logits: byText(y, size, labels.length) },
    },
  ];
}

/** Returns cases of a forecaster, with all segments of a window in one run. */
export async function forecastCase(
  name: string,
  model: ForecastModel,
  series: Series,
): Promise<OnnxCase> {
  const windows = someWindows(model, series, 5), size = windows.length;
  const { x, known, columns, last } = gatherWindows(model, windows, ops.dtype);
  const [y] = await numbersOf(model, (weights) => {
    const batch = createForecastBatch(ops, model, x, known, columns);
    return [forecastForward(ops, model, weights, batch).outputs];
  });
  const { segment, horizon, quantiles, config, window } = model, [, M] = stepsOf(model);
  const kinds = 1 + quantiles.length, scaled: number[] = [], forecasts: number[] = [];
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < kinds; k++) {
      for (let row = 0; row < horizon; row++) {
        const m = Math.floor(row / segment);
        scaled.push(y[((m * size + i) * kinds + k) * segment + row % segment]);
        forecasts.push(unscaled(scaled.at(-1)! + last[i], columns[i], model));
      }
    }
  }
  assert(y.length === M * size * kinds * segment);
  const column = (name: string) => series.values[series.columns.indexOf(name)];
  const valuesOf = (i: number) => column(model.targets[windows[i].target]);
  /** Concatenates rows of columns, from an offset to the origin of each window. */
  const rows = (columns: ArrayLike<number>[], from: number, count: number) =>
    doubles(
      [size, count, columns.length],
      windows.flatMap(({ origin }) =>
        Array.from(
          { length: count * columns.length },
          (_, at) => columns[at % columns.length][origin + from + Math.floor(at / columns.length)],
        )
      ),
    );
  // Calendar features, which are not scaled.
  const calendar = windows[0].series.known.slice(model.knownAhead.length);
  const beside = [...model.knownAhead.map(column), ...calendar];
  const { files: [file] } = exportOnnx(model);
  return {
    name,
    bytes: file.content,
    feeds: {
      values: doubles(
        [size, window],
        windows.flatMap(({ origin }, i) => [...valuesOf(i).slice(origin - window, origin)]),
      ),
      last: doubles([size], windows.map(({ origin }, i) => valuesOf(i)[origin - 1])),
      column: ints("int64", [size], columns),
      ...firstStates(config, file, size),
      ...(model.features.length > 0
        ? { features: rows(model.features.map(column), -window, window) }
        : {}),
      ...(beside.length > 0
        ? { known: rows(beside, -window, window), known_ahead: rows(beside, 0, horizon) }
        : {}),
    },
    expected: { scaled, forecasts },
  };
}
