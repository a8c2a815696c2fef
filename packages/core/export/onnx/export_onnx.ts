/**
 * Models as ONNX files.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { metadataOf } from "../../files/model_metadata.ts";
import { NUMBER_TASKS } from "../../number_tasks.ts";
import { quote } from "../../printable.ts";
import { type Model, type TaskName, taskOf } from "../../tasks.ts";
import type { ExportedFile } from "../exported_file.ts";
import {
  classifierForm,
  labelSetsForm,
  numberForm,
  seriesClassifierForm,
  seriesNumberForm,
  taggerForm,
} from "./answers.ts";
import { forecastForm } from "./forecast.ts";
import type { OnnxForm } from "./form.ts";
import { languageModelForm } from "./language_model.ts";
import { modelProto, type TensorInfo } from "./messages.ts";
import { joined, sizeOf } from "./protobuf.ts";
import { translationForm } from "./translation.ts";

/** What becomes of the models of each task. */
const FORMS: { [T in TaskName]: (model: Extract<Model, { task: T }>) => OnnxForm } = {
  "classification": classifierForm,
  "tagging": taggerForm,
  "multi-label": labelSetsForm,
  "regression": numberForm,
  "language-model": languageModelForm,
  "translate": translationForm,
  "forecast": forecastForm,
  "series-classification": seriesClassifierForm,
  "series-regression": seriesNumberForm,
};

/** An ONNX file, and what goes in and comes out. */
export interface OnnxFile extends ExportedFile {
  /** Its bytes. */
  content: Uint8Array<ArrayBuffer>;
  /** What it computes. */
  doc: string;
  /** What goes in: names, types and sizes, with a text for a size that a caller chooses. */
  inputs: readonly TensorInfo[];
  /** What comes out. */
  outputs: readonly TensorInfo[];
}

/** What {@linkcode exportOnnx} gives. */
export interface OnnxExport {
  /** One file; of a translation model two, the encoder and the decoder. */
  files: OnnxFile[];
  /** What is not in the graph, and what to do about it: a line each. */
  notes: string[];
}

const MOST_BYTES = 2 ** 31 - 1; // of a protocol buffer

/**
 * A model as ONNX (opset 17), with the operators `RNN`, `LSTM` and `GRU`, and without `Scan`: the
 * layer-normalized LSTM and the labels of a CRF are a `Loop`. Batches of any size and steps of any
 * number go in. The metadata are those of a model file: `vocabulary`, `labels`, `tokenizer`, `config`
 * and so on.
 *
 * @see https://onnx.ai/onnx/operators/
 * @throws {InputError} Where the task is a custom one, or a file would be 2 GiB or larger.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { exportOnnx } from "@unroll/core/export";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const { files: [{ suffix, inputs, outputs }] } = exportOnnx(model);
 * assertEquals(suffix, ".onnx");
 * assertEquals(inputs.map(({ name }) => name), ["words", "lengths"]);
 * assertEquals(outputs.map(({ name }) => name), ["logits", "probabilities"]);
 * ```
 */
export function exportOnnx(model: Model): OnnxExport {
  if (!Object.hasOwn(FORMS, model.task)) {
    throw new InputError(
      `a model of the task ${quote(model.task)} cannot be exported to ONNX; ` +
        `there is ${Object.keys(FORMS).join(", ")}`,
    );
  }
  const form = FORMS[model.task] as (model: Model) => OnnxForm;
  const { files, notes = [] } = form(model);
  // The counts of a linear model's n-grams mean nothing without it.
  const { linear: _, ...metadata } = metadataOf(taskOf(model, NUMBER_TASKS), model);
  return {
    notes: [...notes],
    files: files.map(({ suffix, graph }) => {
      const { doc = "", inputs, outputs } = graph;
      const chunks = modelProto(graph, metadata), size = sizeOf(chunks);
      if (size > MOST_BYTES) {
        throw new InputError(
          `the model needs ${size} bytes as ONNX, and a file may have ${MOST_BYTES}; ` +
            "train with fewer words or a smaller hidden size, or load the .safetensors itself",
        );
      }
      return { suffix, content: joined(chunks), doc, inputs, outputs };
    }),
  };
}
