/**
 * A model as one .safetensors file, with PyTorch's names and shapes: `torch.nn.RNN`, `LSTM` and
 * `GRU`, `torch.nn.Embedding` and `torch.nn.Linear` take its tensors as they are.
 *
 * | tensor              | shape                       | here                                  |
 * | ------------------- | --------------------------- | ------------------------------------- |
 * | `embedding.weight`  | `[words, embedding]`        | the embedding, if there is one        |
 * | `projection.weight` | `[projection, embedding]`   | Pᵀ, the embedding's projection, if there is one |
 * | `rnn.weight_ih_l0`  | `[gates * hidden, inputs]`  | Wxhᵀ                                  |
 * | `rnn.weight_hh_l0`  | `[gates * hidden, hidden]`  | Whhᵀ                                  |
 * | `rnn.bias_ih_l0`    | `[gates * hidden]`          | b_h                                   |
 * | `rnn.bias_hh_l0`    | `[gates * hidden]`          | zeros, but a GRU's b_hn; added to b_h on reading |
 * | `head.weight`       | `[labels, width]`           | Whyᵀ                                  |
 * | `head.bias`         | `[labels]`                  | b_y                                   |
 * | `crf.start_transitions` | `[labels]`              | a CRF's scores of first labels        |
 * | `crf.end_transitions`   | `[labels]`              | a CRF's scores of last labels         |
 * | `crf.transitions`   | `[labels, labels]`          | a CRF's scores of pairs of labels     |
 *
 * A tagger that reads letters has `letters.` before the names of the embedding and of the GRU that
 * read them: `letters.embedding.weight`, `letters.rnn.weight_ih_l0` and so on, both directions; and
 * the metadata `alphabet`, their ids as `vocabulary` is that of words.
 *
 * A translation model has `encoder.` or `decoder.` before the names of its halves, and
 * `attention.weight`, `[hidden, 2 * hidden]`, Wcᵀ. A forecaster has `segment.weight`,
 * `segment.bias` and `known.weight` of `torch.nn.Linear`, and `position.weight` and `column.weight` of
 * `torch.nn.Embedding`, and no embedding of words.
 *
 * A classifier may have a linear one beside its network: `linear.weight`, `[labels, n-grams]`, and
 * `linear.bias` of `torch.nn.Linear`, with `linear.words.buckets`, `linear.words.idf` and the like.
 *
 * An ensemble has the number of its networks as metadata, `ensemble`, and before the names of each
 * network its number: `0.rnn.weight_ih_l0`, `1.rnn.weight_ih_l0` and so on, as `torch.nn.ModuleList`
 * names them.
 *
 * A second layer's names end on `_l1`, a backward direction's on `_reverse`. One-hot words are
 * the inputs where there is no embedding. The gates stand as in PyTorch: i, f, g, o and r, z, n.
 *
 * The metadata holds the rest as JSON: `config`, `tokenizer`, `vocabulary` and `labels`; and as
 * they are `task`, `unit`, `html` and `attention`, where a model has them. A checkpoint is a model file with
 * more: `training`, what the optimizer keeps, the best weights, and what is carried within an epoch.
 *
 * Files that other tools have rewritten are read as long as they keep these metadata: F16 and BF16
 * are widened to float32, `module.`, `_orig_mod.`, `model.` and the like, of PyTorch's wrappers, are
 * taken from all names, and other metadata, such as `"format": "pt"`, mean nothing. `crc32` is a
 * checksum of the whole file. Other tools drop it, and then the file is read without one; where they
 * keep it beside such types or names, it is another file's and means nothing.
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import { allTasks, type Model, taskOf, type TaskOptions } from "../tasks.ts";
import { metadataOf } from "./model_metadata.ts";
import { networkTensors, readParts } from "./model_parts.ts";
import { type ByteSource, writeSafetensors } from "./safetensors.ts";

/**
 * The bytes of a model's file.
 *
 * @example
 * ```ts
 * import { createModel, readModel, writeModel } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const model = createModel([{ text: "good", label: "up" }, { text: "bad", label: "down" }]);
 * const bytes = writeModel(model);
 * assertEquals(await readModel(new Blob([bytes])), model);
 * ```
 */
export function writeModel(
  model: AnyModel,
  { tasks }: TaskOptions = {},
): Uint8Array<ArrayBuffer> {
  const task = taskOf(model, tasks);
  return writeSafetensors(metadataOf(task, model), {
    ...networkTensors(task, model),
    ...task.file.companions?.tensors(model),
  });
}

/**
 * The model in a file; of a checkpoint, the one that it would end with. The weights are read only
 * once everything that the header says was checked.
 *
 * @param source The file's bytes: a `Blob`, a `File`, or anything that reads like one.
 * @param name What to call the file in errors.
 * @throws {InputError} Where the file is cut, damaged, hostile, or no model of Unroll's.
 */
export async function readModel(
  source: ByteSource,
  name = "model",
  { tasks }: TaskOptions = {},
): Promise<Model> {
  const { model, best } = await readParts(source, name, allTasks(tasks));
  return (best ? { ...model, weights: best } : model) as Model;
}
