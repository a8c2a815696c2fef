/**
 * ONNX cases of models that predict labels or numbers for texts and series.
 *
 * @module
 */
import {
  type AnyModel,
  type FloatArray,
  type Model,
  networkWeights,
  type Series,
  type SeriesClassificationModel,
  type SeriesRegressionModel,
} from "@unroll/core";
import { exportOnnx } from "@unroll/core/export";
import { allLogits, arrange } from "#core/classification/measure.ts";
import { crfScores, viterbi } from "#core/network/crf_sequences.ts";
import { forward } from "#core/network/network.ts";
import { uploadSeries } from "#core/series_classification/batch.ts";
import { encodeInputs } from "#core/series_classification/encode.ts";
import { spell } from "#core/tagging/letters.ts";
import { uploadModel } from "#core/task.ts";
import { taskOf } from "#core/tasks.ts";
import { tokenize } from "#core/text/tokenizer.ts";
import type { OnnxRun } from "./onnx_runtime.ts";
import { doubles, ints, longest, numbersOf, type OnnxCase, ops, padded } from "./onnx_feeds.ts";

/** Returns cases of a classifier, tagger or regression model on texts. */
export async function textCase(
  name: string,
  model: Extract<Model, { tokenizer: unknown }>,
  texts: readonly string[],
): Promise<OnnxCase> {
  const { tokenizer, config } = model, labels = Math.max(1, model.labels.length);
  const tokens = texts.map((text) => tokenize(text, tokenizer));
  const { ids, spellings } = spell(model as Parameters<typeof spell>[0], tokens.flat());
  let at = 0;
  const sentences = tokens.map(({ length }) => ids.slice(at, at += length));
  const on = uploadModel(ops, taskOf(model), model);
  const networks = [...on.others ?? [], on.weights];
  const [y] = await ops.read(
    ops.scope(() => [allLogits(ops, config, networks, arrange(ops, model, sentences, spellings))]),
  );
  const steps = longest(sentences), size = texts.length;
  const wordOf = (id: number) => spellings?.wordOf(id) ?? id;
  const feeds: OnnxRun["feeds"] = {
    words: ints("int64", [size, steps], padded(sentences.map((ids) => ids.map(wordOf)), steps)),
    lengths: ints("int32", [size], sentences.map(({ length }) => length)),
  };
  if (spellings) {
    const letters = sentences.map((ids) => Array.from(ids, (id) => spellings.lettersOf(id)));
    const most = longest(letters.flat());
    feeds.letters = ints(
      "int64",
      [size, steps, most],
      padded(letters.map((words) => padded(words, most)), steps, most),
    );
    feeds.letter_counts = ints(
      "int32",
      [size, steps],
      padded(letters.map((words) => words.map(({ length }) => length)), steps),
    );
  }
  let expected: ArrayLike<number> = y;
  if (config.head === "token") {
    const all = new Float64Array(size * steps * labels).fill(NaN);
    let row = 0;
    for (const [i, { length }] of sentences.entries()) {
      all.set(y.subarray(row * labels, (row + length) * labels), i * steps * labels);
      row += length;
    }
    expected = all;
  }
  const { files: [{ content, outputs }] } = exportOnnx(model);
  const own = { [outputs[0].name]: expected };
  if (config.crf) own.labels = pathsOf(model, y, sentences, steps);
  return { name, bytes: content, feeds, expected: own };
}

/** Returns the labels that a CRF predicts from sentences' logits; NaN after their ends. */
function pathsOf(
  model: AnyModel,
  y: FloatArray,
  sentences: readonly Int32Array[],
  steps: number,
): number[] {
  const crf = crfScores(...networkWeights(model)), labels = model.labels.length;
  let row = 0;
  return sentences.flatMap(({ length }) => {
    const own = y.subarray(row * labels, (row += length) * labels) as FloatArray;
    return [...viterbi(crf, own), ...new Array<number>(steps - length).fill(NaN)];
  });
}

/** Returns cases of a model that predicts labels or numbers for series. */
export async function seriesCase(
  name: string,
  model: SeriesClassificationModel | SeriesRegressionModel,
  series: readonly Series[],
): Promise<OnnxCase> {
  const encoded = series.map((each, i) => encodeInputs(model, each, i));
  const [y] = await numbersOf(model, (weights) => {
    const { batch, inputs } = uploadSeries(ops, model, encoded);
    return [forward(ops, model.config, weights, batch, { inputs }).logits];
  });
  const lengths = series.map(({ values: [first] }) => first.length), width = model.columns.length;
  const most = Math.max(...lengths);
  const rows = series.map(({ values }) =>
    Array.from(
      { length: values[0].length * width },
      (_, at) => values[at % width][Math.floor(at / width)],
    )
  );
  const { files: [{ content, outputs }] } = exportOnnx(model);
  return {
    name,
    bytes: content,
    feeds: {
      series: doubles([rows.length, most, width], padded(rows, most, width)),
      lengths: ints("int32", [rows.length], lengths),
    },
    expected: { [outputs[0].name]: y },
  };
}
