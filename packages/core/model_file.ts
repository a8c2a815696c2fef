/**
 * A model as one .safetensors file, with PyTorch's names and shapes: `torch.nn.RNN`, `LSTM` and
 * `GRU`, `torch.nn.Embedding` and `torch.nn.Linear` take its tensors as they are.
 *
 * | tensor              | shape                       | here                                  |
 * | ------------------- | --------------------------- | ------------------------------------- |
 * | `embedding.weight`  | `[words, embedding]`        | the embedding, if there is one        |
 * | `rnn.weight_ih_l0`  | `[gates * hidden, inputs]`  | Wxhᵀ                                  |
 * | `rnn.weight_hh_l0`  | `[gates * hidden, hidden]`  | Whhᵀ                                  |
 * | `rnn.bias_ih_l0`    | `[gates * hidden]`          | b_h                                   |
 * | `rnn.bias_hh_l0`    | `[gates * hidden]`          | zeros, but a GRU's b_hn; added to b_h on reading |
 * | `head.weight`       | `[labels, width]`           | Whyᵀ                                  |
 * | `head.bias`         | `[labels]`                  | b_y                                   |
 *
 * A second layer's names end on `_l1`, a backward direction's on `_reverse`. One-hot words are
 * the inputs where there is no embedding. The gates stand as in PyTorch: i, f, g, o and r, z, n.
 *
 * The metadata holds the rest as JSON: `config`, `tokenizer`, `vocabulary` and `labels`. A
 * checkpoint is a model file with more: `training`, what the optimiser keeps, and the best weights.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { InputError } from "./errors.ts";
import type { Model } from "./model.ts";
import { checkConfig, type NetworkConfig, networkConfig, weightShapes } from "./network_config.ts";
import { slotNames } from "./optimizer.ts";
import {
  type ByteSource,
  type Header,
  readHeader,
  readTensors,
  type StoredTensor,
  writeSafetensors,
} from "./safetensors.ts";
import type { TokenizerOptions } from "./text/tokenizer.ts";
import { UNKNOWN } from "./text/vocabulary.ts";
import { fromTorch, torchShapes, toTorch } from "./torch_names.ts";

const FORMAT = "unroll";
const VERSION = "1";

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
export function writeModel(model: Model): Uint8Array<ArrayBuffer> {
  return writeSafetensors(metadataOf(model), toTorch(model.config, model.weights));
}

function metadataOf({ config, tokenizer, vocabulary, labels }: Model): Record<string, string> {
  return {
    format: FORMAT,
    version: VERSION,
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    vocabulary: JSON.stringify(vocabulary),
    labels: JSON.stringify(labels),
  };
}

/**
 * The model in a file; of a checkpoint, the one that it would end with. The weights are read only
 * once everything that the header says was checked.
 *
 * @param source The file's bytes: a `Blob`, a `File`, or anything that reads like one.
 * @param name What to call the file in errors.
 * @throws {InputError} Where the file is cut, damaged, hostile, or no model of Unroll's.
 */
export async function readModel(source: ByteSource, name = "model"): Promise<Model> {
  const { model, best } = await readParts(source, name);
  return best ? { ...model, weights: best } : model;
}

/**
 * The bytes of a checkpoint's file, which {@linkcode readModel} can read too.
 *
 * @param notes Anything to keep beside it, as JSON.
 *
 * @example
 * ```ts
 * import { createModel, readCheckpoint, train, writeCheckpoint } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples);
 * const options = { epochs: 1, checkpointEvery: 1 };
 * for await (const event of train(createCpuBackend(), model, examples, options)) {
 *   if (event.type !== "checkpoint") continue;
 *   const bytes = writeCheckpoint(event.checkpoint);
 *   assertEquals((await readCheckpoint(new Blob([bytes]))).checkpoint, event.checkpoint);
 * }
 * ```
 */
export function writeCheckpoint(checkpoint: Checkpoint, notes?: unknown): Uint8Array<ArrayBuffer> {
  const { model, best, slots, progress, options, examples } = checkpoint;
  const tensors = toTorch(model.config, model.weights);
  const shapes = weightShapes(model.config, model.vocabulary.length, model.labels.length);
  for (const [key, data] of Object.entries(slots)) {
    tensors[SLOT + key] = { shape: shapes[key.slice(key.indexOf(".") + 1)], data };
  }
  for (const [key, tensor] of Object.entries(best ? toTorch(model.config, best) : {})) {
    tensors[BEST + key] = tensor;
  }
  const training = JSON.stringify({ progress, options, examples, notes });
  return writeSafetensors({ ...metadataOf(model), training }, tensors);
}

const SLOT = "optimizer.", BEST = "best.";

/**
 * The checkpoint in a file, and the notes beside it.
 *
 * @throws {InputError} Where the file is cut, damaged, hostile, or no checkpoint of Unroll's.
 */
export async function readCheckpoint(
  source: ByteSource,
  name = "checkpoint",
): Promise<{ checkpoint: Checkpoint; notes: unknown }> {
  const { model, best, slots, training } = await readParts(source, name);
  if (!training) throw new InputError(`${name}: is a model, but no checkpoint to go on from`);
  const { progress, options, examples, notes } = training;
  return { checkpoint: { model, best, slots, progress, options, examples }, notes };
}

type Training = Pick<Checkpoint, "progress" | "options" | "examples"> & { notes?: unknown };

interface Parts extends Pick<Checkpoint, "model" | "best" | "slots"> {
  training?: Training;
}

async function readParts(source: ByteSource, name: string): Promise<Parts> {
  const header = await readHeader(source, name);
  const fail = (what: string): never => {
    throw new InputError(`${name}: ${what}`);
  };
  const { format, version } = header.metadata;
  if (format !== FORMAT) {
    fail("is a .safetensors file, but no model of Unroll's: its metadata lack the vocabulary");
  }
  if (version !== VERSION) {
    fail(`has version ${version} of the model file where ${VERSION} is known; update Unroll`);
  }
  const part = <T>(key: string, is: (value: unknown) => value is T, expected: string): T => {
    const value = parseJson(header.metadata[key]);
    return is(value) ? value : fail(`is damaged: its ${key} should be ${expected}`);
  };
  const config = networkConfig(part("config", isConfig, "a network's, with cell and hidden size"));
  try {
    checkConfig(config);
  } catch (error) {
    fail(`is damaged: ${(error as Error).message}`);
  }
  const tokenizer = part("tokenizer", isTokenizer, "lowerCase and punctuation");
  const vocabulary = part("vocabulary", isVocabulary, `different words after ${UNKNOWN}`);
  const labels = part("labels", isLabels, "two or more different labels");
  const training = header.metadata.training === undefined
    ? undefined
    : part("training", isTraining, "progress and options");

  const shapes = torchShapes(config, vocabulary.length, labels.length);
  const own = Object.keys(shapes);
  const kept: string[] = [];
  if (training) {
    const here = weightShapes(config, vocabulary.length, labels.length);
    for (const weight of Object.keys(here)) {
      if (weight === "embedding" && config.frozen) continue;
      for (const slot of slotNames(training.options.optimizer)) {
        kept.push(`${slot}.${weight}`);
        shapes[`${SLOT}${slot}.${weight}`] = [...here[weight]];
      }
    }
    if (header.entries.has(BEST + own[0])) {
      for (const key of own) shapes[BEST + key] = shapes[key];
    }
  }
  checkShapes(header, shapes, config.cell, fail);
  const tensors = await readTensors(source, header, name);
  const data = (tensor: string) => finite(tensors.get(tensor)!, tensor, fail);
  const hasBest = Object.hasOwn(shapes, BEST + own[0]);
  return {
    model: { config, tokenizer, vocabulary, labels, weights: fromTorch(config, data) },
    best: hasBest ? fromTorch(config, (key) => data(BEST + key)) : undefined,
    slots: Object.fromEntries(kept.map((key) => [key, data(SLOT + key)])),
    training,
  };
}

function checkShapes(
  header: Header,
  shapes: Record<string, number[]>,
  cell: string,
  fail: (what: string) => never,
): void {
  for (const [tensor, { shape }] of header.entries) {
    if (!Object.hasOwn(shapes, tensor)) {
      fail(`has a tensor ${JSON.stringify(tensor)} that no ${cell} like this has`);
    }
    if (String(shape) !== String(shapes[tensor])) {
      fail(`is damaged: ${tensor} should be [${shapes[tensor]}], but is [${shape}]`);
    }
  }
  const missing = Object.keys(shapes).find((tensor) => !header.entries.has(tensor));
  if (missing !== undefined) fail(`is damaged: it has no tensor ${missing}`);
}

function finite({ data }: StoredTensor, name: string, fail: (what: string) => never): FloatArray {
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  return at < 0 ? data : fail(`is damaged: ${name} has ${data[at]} at ${at}`);
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

function isConfig(value: unknown): value is Partial<NetworkConfig> {
  const { cell, hidden } = (value ?? {}) as Record<string, unknown>;
  return typeof cell === "string" && typeof hidden === "number";
}

function isTokenizer(value: unknown): value is TokenizerOptions {
  const { lowerCase, punctuation, split } = (value ?? {}) as Record<string, unknown>;
  const splits: unknown[] = [undefined, "words", "spaces"];
  return typeof lowerCase === "boolean" && (punctuation === "drop" || punctuation === "keep") &&
    splits.includes(split);
}

function isTraining(value: unknown): value is Training {
  const { progress, options, examples } = (value ?? {}) as Partial<Training>;
  return typeof progress?.steps === "number" && typeof options?.optimizer?.name === "string" &&
    typeof examples === "number";
}

function isDistinct(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === "string") &&
    new Set(value).size === value.length;
}

function isVocabulary(value: unknown): value is string[] {
  return isDistinct(value) && value[0] === UNKNOWN;
}

function isLabels(value: unknown): value is string[] {
  return isDistinct(value) && value.length >= 2;
}
