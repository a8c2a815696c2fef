/**
 * Export of models as ONNX files.
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

/** The function that builds the graphs for each task. */
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

/** An ONNX file with its inputs and outputs. */
export interface OnnxFile extends ExportedFile {
  /** The bytes of the file. */
  content: Uint8Array<ArrayBuffer>;
  /** A description of what the graph computes. */
  doc: string;
  /** The inputs: names, types and shapes, with a string for a size that the caller chooses. */
  inputs: readonly TensorInfo[];
  /** The outputs, described like the inputs. */
  outputs: readonly TensorInfo[];
}

/** The result of {@linkcode exportOnnx}. */
export interface OnnxExport {
  /** One file, or two for a translation model: the encoder and the decoder. */
  files: OnnxFile[];
  /** What the graph leaves out and what to do about it, one line each. */
  notes: string[];
}

const MOST_BYTES = 2 ** 31 - 1; // the limit of a protocol buffer

/**
 * Exports a model as ONNX (opset 17) with the operators `RNN`, `LSTM` and `GRU`. The
 * layer-normalized LSTM and the label decoding of a CRF use `Loop`; `Scan` is not used. The graph
 * accepts any batch size and any number of time steps. The metadata are the same as in a model
 * file: `vocabulary`, `labels`, `tokenizer`, `config` and so on.
 *
 * @see https://onnx.ai/onnx/operators/
 * @throws {InputError} If the task is a custom one, or a file would be 2 GiB or larger.
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
        `supported tasks are ${Object.keys(FORMS).join(", ")}`,
    );
  }
  const form = FORMS[model.task] as (model: Model) => OnnxForm;
  const { files, notes = [] } = form(model);
  // The linear model's n-gram counts are useless without its weights.
  const { linear: _, ...metadata } = metadataOf(taskOf(model, NUMBER_TASKS), model);
  return {
    notes: [...notes],
    files: files.map(({ suffix, graph }) => {
      const { doc = "", inputs, outputs } = graph;
      const chunks = modelProto(graph, metadata), size = sizeOf(chunks);
      if (size > MOST_BYTES) {
        throw new InputError(
          `the model needs ${size} bytes as ONNX, and the limit is ${MOST_BYTES}; ` +
            "train with fewer words or a smaller hidden size, or load the .safetensors directly",
        );
      }
      return { suffix, content: joined(chunks), doc, inputs, outputs };
    }),
  };
}
