/**
 * A model as one .safetensors file, with PyTorch's names and shapes: `torch.nn.RNN` and
 * `torch.nn.Linear` take its tensors as they are.
 *
 * | tensor              | shape               | here              |
 * | ------------------- | ------------------- | ----------------- |
 * | `rnn.weight_ih_l0`  | `[hidden, words]`   | Wxhᵀ              |
 * | `rnn.weight_hh_l0`  | `[hidden, hidden]`  | Whhᵀ              |
 * | `rnn.bias_ih_l0`    | `[hidden]`          | b_h               |
 * | `rnn.bias_hh_l0`    | `[hidden]`          | zeros; added to b_h on reading |
 * | `head.weight`       | `[labels, hidden]`  | Whyᵀ              |
 * | `head.bias`         | `[labels]`          | b_y               |
 *
 * The metadata holds the rest as JSON: `config`, `tokenizer`, `vocabulary` and `labels`.
 *
 * @module
 */
import type { FloatArray } from "./backend.ts";
import { InputError } from "./errors.ts";
import type { Model } from "./model.ts";
import type { NetworkConfig } from "./network.ts";
import {
  type ByteSource,
  readHeader,
  readTensors,
  type StoredTensor,
  writeSafetensors,
} from "./safetensors.ts";
import type { TokenizerOptions } from "./text/tokenizer.ts";
import { UNKNOWN } from "./text/vocabulary.ts";

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
  const { config, tokenizer, vocabulary, labels, weights } = model;
  const words = vocabulary.length, { hidden } = config, classes = labels.length;
  const metadata = {
    format: FORMAT,
    version: VERSION,
    config: JSON.stringify(config),
    tokenizer: JSON.stringify(tokenizer),
    vocabulary: JSON.stringify(vocabulary),
    labels: JSON.stringify(labels),
  };
  const zeros = weights.bh.map(() => 0);
  return writeSafetensors(metadata, {
    "rnn.weight_ih_l0": { shape: [hidden, words], data: transpose(weights.Wxh, words, hidden) },
    "rnn.weight_hh_l0": { shape: [hidden, hidden], data: transpose(weights.Whh, hidden, hidden) },
    "rnn.bias_ih_l0": { shape: [hidden], data: weights.bh },
    "rnn.bias_hh_l0": { shape: [hidden], data: zeros },
    "head.weight": { shape: [classes, hidden], data: transpose(weights.Why, hidden, classes) },
    "head.bias": { shape: [classes], data: weights.by },
  });
}

/**
 * The model in a file. The weights are read only once everything that the header says was checked.
 *
 * @param source The file's bytes: a `Blob`, a `File`, or anything that reads like one.
 * @param name What to call the file in errors.
 * @throws {InputError} Where the file is cut, damaged, hostile, or no model of Unroll's.
 */
export async function readModel(source: ByteSource, name = "model"): Promise<Model> {
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
  const config = part("config", isConfig, 'of the cell "rnn", with a hidden size');
  const tokenizer = part("tokenizer", isTokenizer, "lowerCase and punctuation");
  const vocabulary = part("vocabulary", isVocabulary, `different words after ${UNKNOWN}`);
  const labels = part("labels", isLabels, "two or more different labels");

  const words = vocabulary.length, { hidden } = config, classes = labels.length;
  const shapes: Record<string, number[]> = {
    "rnn.weight_ih_l0": [hidden, words],
    "rnn.weight_hh_l0": [hidden, hidden],
    "rnn.bias_ih_l0": [hidden],
    "rnn.bias_hh_l0": [hidden],
    "head.weight": [classes, hidden],
    "head.bias": [classes],
  };
  for (const [tensor, { shape }] of header.entries) {
    if (!Object.hasOwn(shapes, tensor)) {
      fail(`has a tensor ${JSON.stringify(tensor)} that no rnn has`);
    }
    if (String(shape) !== String(shapes[tensor])) {
      fail(`is damaged: ${tensor} should be [${shapes[tensor]}], but is [${shape}]`);
    }
  }
  const missing = Object.keys(shapes).find((tensor) => !header.entries.has(tensor));
  if (missing !== undefined) fail(`is damaged: it has no tensor ${missing}`);

  const tensors = await readTensors(source, header, name);
  const data = (tensor: string) => finite(tensors.get(tensor)!, tensor, fail);
  const bias = data("rnn.bias_hh_l0");
  return {
    config,
    tokenizer,
    vocabulary,
    labels,
    weights: {
      Wxh: transpose(data("rnn.weight_ih_l0"), hidden, words),
      Whh: transpose(data("rnn.weight_hh_l0"), hidden, hidden),
      bh: data("rnn.bias_ih_l0").map((value: number, i: number) => value + bias[i]),
      Why: transpose(data("head.weight"), classes, hidden),
      by: data("head.bias"),
    },
  };
}

function transpose(a: FloatArray, rows: number, columns: number): FloatArray {
  return a.map((_: number, at: number) => a[(at % rows) * columns + Math.floor(at / rows)]);
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

function isConfig(value: unknown): value is NetworkConfig {
  const { cell, hidden } = (value ?? {}) as Record<string, unknown>;
  return cell === "rnn" && Number.isSafeInteger(hidden) && (hidden as number) > 0;
}

function isTokenizer(value: unknown): value is TokenizerOptions {
  const { lowerCase, punctuation } = (value ?? {}) as Record<string, unknown>;
  return typeof lowerCase === "boolean" && (punctuation === "drop" || punctuation === "keep");
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
