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
 * A model that translates has `encoder.` or `decoder.` before the names of its halves, and
 * `attention.weight`, `[hidden, 2 * hidden]`, Wcᵀ.
 *
 * A second layer's names end on `_l1`, a backward direction's on `_reverse`. One-hot words are
 * the inputs where there is no embedding. The gates stand as in PyTorch: i, f, g, o and r, z, n.
 *
 * The metadata holds the rest as JSON: `config`, `tokenizer`, `vocabulary` and `labels`; and as
 * they are `task`, `unit` and `attention`, where a model has them. A checkpoint is a model file with
 * more: `training`, what the optimiser keeps, the best weights, and what is carried within an epoch.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { InputError } from "./errors.ts";
import { type Attention, type Model, shapesOf } from "./model.ts";
import { checkConfig, type NetworkConfig, networkConfig } from "./network_config.ts";
import { slotNames } from "./optimizer.ts";
import {
  type ByteSource,
  type Header,
  readHeader,
  readTensors,
  type StoredTensor,
  writeSafetensors,
} from "./safetensors.ts";
import { EDGE } from "./text/marks.ts";
import { SYMBOL_UNITS, type SymbolUnit } from "./text/symbols.ts";
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
  return writeSafetensors(metadataOf(model), toTorch(model, model.weights));
}

function metadataOf(model: Model): Record<string, string> {
  const { task, unit, attention, config, tokenizer, vocabulary, labels } = model;
  return {
    format: FORMAT,
    version: VERSION,
    ...(task === undefined ? {} : { task }),
    ...(unit === undefined ? {} : { unit }),
    ...(attention === undefined ? {} : { attention }),
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
  const { model, best, slots, progress, options, examples, carried = {} } = checkpoint;
  const tensors = toTorch(model, model.weights);
  const shapes = shapesOf(model);
  for (const [key, data] of Object.entries(slots)) {
    tensors[SLOT + key] = { shape: shapes[key.slice(key.indexOf(".") + 1)], data };
  }
  for (const [key, tensor] of Object.entries(best ? toTorch(model, best) : {})) {
    tensors[BEST + key] = tensor;
  }
  for (const [key, data] of Object.entries(carried)) {
    const { hidden } = model.config;
    tensors[CARRIED + key] = { shape: [data.length / hidden, hidden], data };
  }
  const training = JSON.stringify({ progress, options, examples, notes });
  return writeSafetensors({ ...metadataOf(model), training }, tensors);
}

const SLOT = "optimizer.", BEST = "best.", CARRIED = "carried.";

/**
 * The checkpoint in a file, and the notes beside it.
 *
 * @throws {InputError} Where the file is cut, damaged, hostile, or no checkpoint of Unroll's.
 */
export async function readCheckpoint(
  source: ByteSource,
  name = "checkpoint",
): Promise<{ checkpoint: Checkpoint; notes: unknown }> {
  const { training, ...parts } = await readParts(source, name);
  if (!training) throw new InputError(`${name}: is a model, but no checkpoint to go on from`);
  const { progress, options, examples, notes } = training;
  return { checkpoint: { ...parts, progress, options, examples }, notes };
}

type Training = Pick<Checkpoint, "progress" | "options" | "examples"> & { notes?: unknown };

interface Parts extends Pick<Checkpoint, "model" | "best" | "slots" | "carried"> {
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
  const kind = taskOf(header.metadata, fail);
  const shell = { ...kind, config, tokenizer, vocabulary, labels };
  checkKind(shell, fail);
  const training = header.metadata.training === undefined
    ? undefined
    : part("training", isTraining, "progress and options");

  const shapes = torchShapes(shell, vocabulary.length, labels.length);
  const own = Object.keys(shapes);
  const kept: string[] = [];
  if (training) {
    const here = shapesOf(shell);
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
    Object.assign(shapes, carriedShapes(header, shell));
  }
  checkShapes(header, shapes, config.cell, fail);
  const tensors = await readTensors(source, header, name);
  const data = (tensor: string) => finite(tensors.get(tensor)!, tensor, fail);
  const hasBest = Object.hasOwn(shapes, BEST + own[0]);
  const carried = Object.keys(shapes).filter((key) => key.startsWith(CARRIED));
  return {
    model: { ...shell, weights: fromTorch(shell, data) },
    best: hasBest ? fromTorch(shell, (key) => data(BEST + key)) : undefined,
    ...(carried.length === 0 ? {} : {
      carried: Object.fromEntries(carried.map((key) => [key.slice(CARRIED.length), data(key)])),
    }),
    slots: Object.fromEntries(kept.map((key) => [key, data(SLOT + key)])),
    training,
  };
}

type Shell = Omit<Model, "weights">;

/** What a model is for, and what goes with that. */
function taskOf(
  { task, unit, attention }: Record<string, string>,
  fail: (what: string) => never,
): Pick<Model, "task" | "unit" | "attention"> {
  if (task === undefined) return {};
  if (task !== "language-model" && task !== "translate") {
    fail(`is for the task ${JSON.stringify(task)}, which is not known; update Unroll`);
  }
  if (!SYMBOL_UNITS.includes(unit as SymbolUnit)) {
    fail(`is damaged: its unit should be ${SYMBOL_UNITS.join(" or ")}`);
  }
  const kind = { task, unit: unit as SymbolUnit } as const;
  if (task === "language-model") return kind;
  if (attention !== "dot" && attention !== "none") {
    fail("is damaged: its attention should be dot or none");
  }
  return { ...kind, attention: attention as Attention };
}

/** Throws where a model that gives symbols one by one has none of its marks. */
function checkKind(
  { task, config, vocabulary, labels }: Shell,
  fail: (what: string) => never,
): void {
  if (task === undefined) return;
  if (config.head !== "token" || config.frozen) fail("is damaged: its head should be token");
  if (task === "translate") {
    if (labels.at(-1) !== EDGE || labels[0] !== UNKNOWN) {
      fail(`is damaged: its labels should be symbols between ${UNKNOWN} and ${EDGE}`);
    }
    return;
  }
  if (config.bidirectional) fail("is damaged: a language model cannot be bidirectional");
  const edge = vocabulary.indexOf(EDGE);
  const isPrefix = labels.every((label, id) => label === vocabulary[id]);
  if (!isPrefix || labels.length < edge || labels.length > edge + 1) {
    fail(`is damaged: its labels should be its symbols up to ${EDGE}`);
  }
}

/** What a language model's checkpoint carries from piece to piece, where it does. */
function carriedShapes({ entries }: Header, { task, config }: Shell): Record<string, number[]> {
  const first = entries.get(`${CARRIED}h_l0`);
  if (!first || task !== "language-model") return {};
  const states = config.cell === "lstm" ? ["h", "c"] : ["h"];
  const shape = [first.shape[0], config.hidden];
  return Object.fromEntries(
    Array.from(
      { length: config.layers },
      (_, layer) => states.map((state) => [`${CARRIED}${state}_l${layer}`, shape] as const),
    ).flat(),
  );
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
