/**
 * A model as one .safetensors file, with PyTorch's names and shapes: `torch.nn.RNN`, `LSTM` and
 * `GRU`, `torch.nn.Embedding` and `torch.nn.Linear` load its tensors unchanged.
 *
 * | tensor              | shape                       | here                                  |
 * | ------------------- | --------------------------- | ------------------------------------- |
 * | `embedding.weight`  | `[words, embedding]`        | the embedding, if there is one        |
 * | `projection.weight` | `[projection, embedding]`   | Pᵀ, the embedding's projection, if there is one |
 * | `rnn.weight_ih_l0`  | `[gates * hidden, inputs]`  | Wxhᵀ                                  |
 * | `rnn.weight_hh_l0`  | `[gates * hidden, hidden]`  | Whhᵀ                                  |
 * | `rnn.bias_ih_l0`    | `[gates * hidden]`          | b_h                                   |
 * | `rnn.bias_hh_l0`    | `[gates * hidden]`          | zeros, or a GRU's b_hn; added to b_h on reading |
 * | `head.weight`       | `[labels, width]`           | Whyᵀ                                  |
 * | `head.bias`         | `[labels]`                  | b_y                                   |
 * | `crf.start_transitions` | `[labels]`              | a CRF's scores of first labels        |
 * | `crf.end_transitions`   | `[labels]`              | a CRF's scores of last labels         |
 * | `crf.transitions`   | `[labels, labels]`          | a CRF's scores of pairs of labels     |
 *
 * In a tagger with a character-level GRU, the names of its character embedding and GRU begin with
 * `letters.`: `letters.embedding.weight`, `letters.rnn.weight_ih_l0` and so on, in both directions.
 * The metadata `alphabet` lists the characters by id, as `vocabulary` lists the words.
 *
 * In a translation model, the names begin with `encoder.` or `decoder.`, and there is also
 * `attention.weight`, `[hidden, 2 * hidden]`, Wcᵀ. A forecaster has `segment.weight`,
 * `segment.bias` and `known.weight` of `torch.nn.Linear`, and `position.weight` and `column.weight`
 * of `torch.nn.Embedding`, and no word embedding.
 *
 * A classifier may be combined with a linear one: `linear.weight`, `[labels, n-grams]`, and
 * `linear.bias` of `torch.nn.Linear`, with `linear.words.buckets`, `linear.words.idf` and so on.
 *
 * An ensemble has the number of its networks in the metadata `ensemble`, and the names of each
 * network's tensors begin with its index: `0.rnn.weight_ih_l0`, `1.rnn.weight_ih_l0` and so on, as
 * in `torch.nn.ModuleList`.
 *
 * A second layer's names end in `_l1`, those of a backward direction in `_reverse`. Without an
 * embedding, the inputs are one-hot words. Gates are in PyTorch's order: i, f, g, o and r, z, n.
 *
 * The metadata holds the rest: `config`, `tokenizer`, `vocabulary` and `labels` as JSON; and
 * `task`, `unit`, `html` and `attention`, if the model has them, as plain strings. A checkpoint is
 * a model file that also has the metadata `training`, the optimizer state, the weights of the best
 * epoch, and the hidden state carried within an epoch.
 *
 * Files that other tools have rewritten can be read if they keep these metadata: F16 and BF16 are
 * widened to float32; prefixes that PyTorch's wrappers add to all names, such as `module.`,
 * `_orig_mod.` and `model.`, are removed; other metadata, such as `"format": "pt"`, are ignored.
 * `crc32` is a checksum of the whole file. If another tool dropped it, the file is read without a
 * check; it is also ignored if such types or prefixes show that the file was rewritten.
 *
 * @module
 */
import type { AnyModel } from "../model.ts";
import { allTasks, type Model, taskOf, type TaskOptions } from "../tasks.ts";
import { metadataOf } from "./model_metadata.ts";
import { networkTensors, readParts } from "./model_parts.ts";
import { type ByteSource, writeSafetensors } from "./safetensors.ts";

/**
 * Returns the bytes of a model file.
 *
 * @throws {InputError} If a part of the model, such as its vocabulary, is too large for a file.
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
 * Reads the model in a file; from a checkpoint, the model with its best weights so far, or its last
 * if it has no best ones. Weights are read only after everything in the header was checked.
 *
 * @param source The file's bytes: a `Blob`, a `File`, or anything with the same `slice()`.
 * @param name The file's name in errors. Default: `"model"`.
 * @throws {InputError} If the file is truncated, damaged, malicious, or not an Unroll model.
 */
export async function readModel(
  source: ByteSource,
  name = "model",
  { tasks }: TaskOptions = {},
): Promise<Model> {
  const { model, best } = await readParts(source, name, allTasks(tasks));
  return (best ? { ...model, weights: best } : model) as Model;
}
