import {
  calibrateClassifier,
  createLanguageModel,
  createModel,
  createTranslationModel,
  InputError,
  type Model,
} from "@unroll/core";
import { createCpuBackend } from "@unroll/backend-cpu";
import { exportOnnx } from "@unroll/core/export";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { intField, joined, sizeOf } from "#core/export/onnx/protobuf.ts";
import { CELL_NAMES } from "#core/network/cells/cells.ts";
import { wholeForecaster } from "#tests/support/forecast.ts";
import { readOnnx } from "#tests/support/onnx_reader.ts";

const EXAMPLES = [{ text: "Good day", label: "up" }, { text: "bad", label: "down" }];
const TAGGED = EXAMPLES.map(({ text }) => ({ text, label: text.replace(/\w+/g, (w) => w[0]) }));

/** Exports a model as its only file, and reads it. */
function fileOf(model: Model) {
  const { files } = exportOnnx(model);
  assertEquals(files.map(({ suffix }) => suffix), [".onnx"]);
  return { ...files[0], ...readOnnx(files[0].content) };
}

Deno.test("integers are written as varints of seven-bit groups, negative ones in ten bytes", () => {
  assertEquals([...joined(intField(1, 1))], [8, 1]);
  assertEquals([...joined(intField(1, 300))], [8, 0xac, 2]);
  assertEquals([...joined(intField(20, 0))], [0xa0, 1, 0]);
  assertEquals(sizeOf(intField(3, -1)), 11);
});

Deno.test("a classifier's graph has the structure of its network", () => {
  const model = createModel(EXAMPLES, { cell: "lstm", embedding: 4, hidden: 3, layers: 2 });
  const { opset, ops, nodes } = fileOf(model);
  assertEquals(opset, 17);
  assertEquals(ops, [
    ...["Transpose", "Gather", "LSTM", "Squeeze", "LSTM", "Squeeze", "Gemm", "Softmax"],
  ]);
  assertEquals(nodes, [
    ...["words_over_time", "embedding", "rnn_l0", "states", "rnn_l1", "last_state", "head"],
    "probabilities",
  ]);
});

Deno.test("no cell needs a Scan, and each has its operator", () => {
  const found = CELL_NAMES.map((cell) => {
    const { ops } = fileOf(createModel(EXAMPLES, { cell, hidden: 3, bidirectional: true }));
    assert(!ops.includes("Scan"), cell);
    return [cell, ops.find((op) => ["RNN", "LSTM", "GRU", "Loop"].includes(op))];
  });
  assertEquals(Object.fromEntries(found), {
    rnn: "RNN",
    lstm: "LSTM",
    gru: "GRU",
    mingru: "GRU",
    lnlstm: "Loop",
  });
});

Deno.test("the metadata contain vocabulary, labels, tokenizer and config", () => {
  const model = createModel(EXAMPLES, { cell: "gru", hidden: 3 });
  const { metadata } = fileOf(model);
  assertEquals(metadata.format, "unroll");
  assertEquals(JSON.parse(metadata.vocabulary), model.vocabulary);
  assertEquals(JSON.parse(metadata.labels), ["down", "up"]);
  assertEquals(JSON.parse(metadata.config), model.config);
  assertEquals(JSON.parse(metadata.tokenizer), model.tokenizer);
});

Deno.test("a translation model is exported to two files with matching names", () => {
  const model = createTranslationModel(EXAMPLES, { cell: "lstm", hidden: 4 });
  const { files: [encoder, decoder] } = exportOnnx(model);
  assertEquals([encoder.suffix, decoder.suffix], [".encoder.onnx", ".decoder.onnx"]);
  const names = (infos: typeof encoder.inputs) => infos.map(({ name }) => name);
  assertEquals(names(encoder.inputs), ["source", "lengths"]);
  assertEquals(names(encoder.outputs), ["memory", "h", "c"]);
  assertEquals(names(decoder.inputs), ["target", "h", "c", "memory", "source_lengths"]);
  assertEquals(names(decoder.outputs), ["attention", "logits", "h_next", "c_next"]);
});

Deno.test("language models and forecasters have states as inputs and outputs", () => {
  const lm = fileOf(createLanguageModel(EXAMPLES, { cell: "lstm", hidden: 4, layers: 2 }));
  assertEquals(lm.inputs.map(({ name, dims }) => [name, dims]), [
    ["symbols", ["batch", "steps"]],
    ["h", [2, "batch", 4]],
    ["c", [2, "batch", 4]],
  ]);
  assertEquals(lm.outputs.map(({ name }) => name), ["logits", "h_next", "c_next"]);
  const forecaster = fileOf(wholeForecaster());
  assertEquals(
    forecaster.inputs.map(({ name }) => name),
    ["values", "last", "column", "features", "known", "known_ahead", "h"],
  );
  assertEquals(forecaster.outputs[0], {
    ...forecaster.outputs[0],
    name: "forecasts",
    dims: ["batch", 3, 5],
  });
});

Deno.test("a CRF's transitions and its labels are outputs in addition to the logits", () => {
  const model = createModel(TAGGED, { cell: "gru", hidden: 3, head: "token", crf: true });
  const { files: [{ outputs }], notes } = exportOnnx(model);
  assertEquals(
    outputs.map(({ name }) => name),
    ["logits", "start_transitions", "end_transitions", "transitions", "labels"],
  );
  assertEquals(notes, []);
});

Deno.test("a temperature is part of the graph, but a linear model is not", async () => {
  const model = createModel(EXAMPLES, { hidden: 3 });
  assertEquals(exportOnnx(model).notes, []);
  const error = { before: 0, after: 0 };
  const tempered = { ...model, calibration: { network: 0.5, linear: 0, examples: 40, error } };
  assertEquals(exportOnnx(tempered).notes, []);
  assert(fileOf(tempered).nodes.includes("calibration"));
  await calibrateClassifier(createCpuBackend(), model, EXAMPLES);
  model.calibration = { network: 0.5, linear: 1, examples: 40, error };
  assertStringIncludes(exportOnnx(model).notes[0], "the linear model");
  const { nodes, metadata } = fileOf(model);
  assert(!nodes.includes("calibration"));
  assertEquals([metadata.linear, JSON.parse(metadata.calibration).linear], [undefined, 1]);
});

Deno.test("a model of a custom task is refused", () => {
  const model = { ...createModel(EXAMPLES), task: "of my own" } as unknown as Model;
  assertThrows(
    () => exportOnnx(model),
    InputError,
    'a model of the task "of my own" cannot be exported to ONNX; supported tasks are classification, tagging',
  );
});
