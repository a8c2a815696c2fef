/**
 * Export of a model, its data and a program that trains it with PyTorch.
 *
 * @module
 */
import { InputError } from "../../errors.ts";
import { writeModel } from "../../files/model_file.ts";
import { type ExampleOf, networkWeights } from "../../model.ts";
import type { Sequence } from "../../sequence.ts";
import { type Model, optionsOfOthers, taskOf } from "../../tasks.ts";
import { settleTrainOptions, type TrainOptions } from "../../training/options.ts";
import { slotNames } from "../../training/optimizer.ts";
import type { SettledOptions } from "../../training/settled.ts";
import type { ExportedFile } from "../exported_file.ts";
import { cellsScript } from "./cells.ts";
import { folderScript } from "./folder_script.ts";
import type { OwnParts } from "./text_scripts.ts";
import { trainScript } from "./script.ts";
import { TORCH_TASKS, type TorchTask } from "./targets.ts";

/** The result of {@linkcode exportToPytorch}. */
export interface PytorchExport {
  /**
   * The files, created one at a time: `model.safetensors`; `train.py`; `folder.py`, its module for
   * reading and writing; `cells.py` if `torch.nn` lacks the cell; and the examples in `data`. Their
   * suffixes begin with `/`, because they belong in a folder.
   */
  files: Iterable<ExportedFile>;
  /** How `train.py` differs from `train`, one sentence each. */
  differences: string[];
}

/**
 * Exports a folder in which PyTorch continues the training of a model, on one machine or several:
 * the model, the examples as the numbers that the network reads, and a program, `train.py`. With
 * the same settings as `train`, it uses the same batches in the same order, and its steps differ
 * only by rounding.
 *
 * @param examples The training examples.
 * @param options The same as those of `train`; `validation` is exported too, and `test` is not.
 * @throws {InputError} If `train.py` cannot train the model or does not support an option: an
 *   ensemble, label weights for multi-label texts, truncated backpropagation through the words of a
 *   text, a teacher-forcing ratio below 1, or fine-tuning; or if `train` would throw.
 *
 * @example
 * ```ts
 * import { createModel } from "@unroll/core";
 * import { exportToPytorch } from "@unroll/core/export";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { cell: "gru", hidden: 8 });
 * const { files } = exportToPytorch(model, examples, { epochs: 3, batchSize: 2 });
 * assertEquals(Array.from(files, ({ suffix }) => suffix), [
 *   "/model.safetensors",
 *   "/train.py",
 *   "/folder.py",
 *   "/data/train-00000.bin",
 *   "/data/train.json",
 *   "/data/validation.json",
 * ]);
 * ```
 */
export function exportToPytorch<M extends Model>(
  model: M,
  examples: Sequence<ExampleOf<M>>,
  options: TrainOptions<ExampleOf<M>> = {},
): PytorchExport {
  const task = taskOf(model);
  const { refit, checkpointEvery: _, resume: __, signal: ___, ...given } = options;
  const settled = settleTrainOptions(given, task.trainOptions, optionsOfOthers(task));
  // Each entry of the table is for models of its own task.
  const torch = TORCH_TASKS[model.task] as unknown as TorchTask<Model, unknown>;
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const { validation = [] } = given;
  const learned = task.encode(model, examples);
  const heldOut = task.encode(model, validation, { mayBeUnseen: true });
  const parts = torch.parts(model, settled, learned);
  requireTrainable(model, settled, parts);
  const bare = torch.bare(model);
  const tables = sparseTables(model, task.file.torchShapes(model), settled);
  const script = trainScript(parts, settled, {
    cell: model.config.cell,
    dropout: model.config.dropout,
    tables: hasSparse(settled) ? tables : [],
  });
  const cells = cellsScript(model.config.cell);
  return {
    files: (function* () {
      yield { suffix: "/model.safetensors", content: writeModel(bare) };
      yield { suffix: "/train.py", content: script };
      yield { suffix: "/folder.py", content: folderScript(parts.examples, settled.schedule) };
      if (cells !== undefined) yield { suffix: "/cells.py", content: cells };
      yield* torch.data("train", learned, model);
      yield* torch.data("validation", heldOut, model);
    })(),
    differences: differencesOf(model, bare, settled, [
      ...(refit ? ["The model is not refit on all examples after the best epoch."] : []),
      ...(tables.length > 0 && !hasSparse(settled)
        ? [
          "A step updates the whole embedding, here only the rows of a batch's words: losses differ.",
        ]
        : []),
      ...torch.differences?.(model) ?? [],
    ]),
  };
}

const MAX_DENSE = 2 ** 22; // numbers in the largest embedding with dense steps, as in optimizer.ts

/** Returns the embeddings with sparse steps, on a batch's rows only, if these differ from dense. */
function sparseTables(
  model: Model,
  shapes: Readonly<Record<string, readonly number[]>>,
  { optimizer }: SettledOptions,
): string[] {
  const { config } = model;
  const isPlain = slotNames(optimizer).length === 0 && optimizer.weightDecay === 0;
  return Object.entries(shapes).flatMap(([name, [rows, columns]]) => {
    if (isPlain || config.embedding === 0 || !name.endsWith(TABLE)) return [];
    if (name === TABLE && config.frozen) return [];
    // In a network that reads letters, the word embedding has dense steps with any optimizer.
    const isDense = optimizer.dense || (config.letters && name === TABLE);
    return isDense && rows * columns <= MAX_DENSE ? [] : [name];
  });
}

const TABLE = "embedding.weight";

/** Returns whether torch.optim has such sparse steps: `SparseAdam`, without weight decay. */
function hasSparse({ optimizer: { name, weightDecay } }: SettledOptions): boolean {
  return name === "adam" && weightDecay === 0;
}

function differencesOf(
  model: Model,
  bare: Model,
  settled: SettledOptions,
  own: string[],
): string[] {
  const { dropout, recurrentDropout = 0 } = model.config;
  const left = Object.keys(model).filter((key) => !(key in bare));
  return [
    ...(dropout > 0 ? ["Dropout uses PyTorch's random numbers: losses differ."] : []),
    ...(recurrentDropout > 0
      ? ["Recurrent dropout is not applied, as torch.nn has none: losses differ."]
      : []),
    ...own,
    ...(left.length > 0
      ? [`Not exported: ${left.join(" and ")}, which would not fit the new weights.`]
      : []),
    ...(settled.batchSize === 1
      ? ["A batch of 1 cannot be split among processes; set a larger --batch-size to use several."]
      : []),
  ];
}

function requireTrainable(
  model: Model,
  options: SettledOptions,
  { carries, weighs }: OwnParts,
): void {
  const networks = networkWeights(model).length;
  if (networks > 1) {
    throw new InputError(
      `an ensemble of ${networks} networks cannot be trained further; export a single network`,
    );
  }
  const { labelWeights, timeSteps, teacherForcing, fineTuning } = options;
  const unknown = {
    "label weights for texts with several labels": labelWeights !== null && !weighs,
    "truncated backpropagation through the words of a text": timeSteps !== null && !carries,
    "teacher forcing below 1": teacherForcing < 1,
    "fine-tuning layer by layer": fineTuning !== undefined,
  };
  for (const [name, is] of Object.entries(unknown)) {
    if (is) throw new InputError(`train.py does not support ${name}; omit it, or train here`);
  }
}
