/**
 * What a model's file holds, and a checkpoint's, checked before its numbers are read.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import { type JsonBounds, parseBounded } from "./bounded_json.ts";
import type { Checkpoint } from "../training/checkpoint.ts";
import { checkBest, checkSlots, checkTraining } from "../training/checkpoint_check.ts";
import { InputError } from "../errors.ts";
import { checkShapes, type Fail, type Shell, shellOf, WANTED } from "./model_metadata.ts";
import { shapesOf } from "../model.ts";
import { slotNames } from "../training/optimizer.ts";
import {
  type ByteSource,
  type Header,
  readHeader,
  readTensors,
  type StoredTensor,
  WRITTEN,
} from "./safetensors.ts";
import { fromTorch, torchShapes, withoutWrapper } from "./torch_names.ts";

/** What stands before the names of a checkpoint's other tensors. */
export const SLOT = "optimizer.", BEST = "best.", CARRIED = "carried.";

/** How much a checkpoint may note: the losses of some hundred thousand epochs, not gigabytes. */
export const TRAINING_BOUNDS: JsonBounds = { depth: 100, values: 2 ** 21, keys: 2 ** 19 };

type Training = Pick<Checkpoint, "progress" | "options" | "examples"> & { notes?: unknown };

interface Parts extends Pick<Checkpoint, "model" | "best" | "slots" | "carried"> {
  training?: Training;
}

/** Everything in a file. */
export async function readParts(source: ByteSource, name: string): Promise<Parts> {
  const fail: Fail = (problem) => {
    throw new InputError(`${name}: ${problem}`);
  };
  const read = await readHeader(source, name, WANTED);
  const entries = withoutWrapper(read.entries);
  const isRewritten = entries !== read.entries ||
    [...entries.values()].some(({ dtype }) => !WRITTEN.includes(dtype));
  const header = { ...read, entries, hasChecksum: read.hasChecksum && !isRewritten };
  const shell = shellOf(header, fail);
  const { config, vocabulary, labels } = shell;
  const training = trainingOf(header, fail);

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
    const hasBest = header.entries.has(BEST + own[0]);
    if (hasBest) {
      for (const key of own) shapes[BEST + key] = shapes[key];
    }
    checkBest(hasBest, training, fail);
    Object.assign(shapes, carriedShapes(header, shell));
  }
  checkShapes(header, shapes, config.cell, fail);
  const tensors = await readTensors(source, header, name);
  const data = (tensor: string) => finite(tensors.get(tensor)!, tensor, fail);
  const slots = Object.fromEntries(kept.map((key) => [key, data(SLOT + key)]));
  checkSlots(slots, fail);
  const hasBest = Object.hasOwn(shapes, BEST + own[0]);
  const carried = Object.keys(shapes).filter((key) => key.startsWith(CARRIED));
  const weightsOf = (prefix: string) => {
    const weights = fromTorch(shell, (key) => data(prefix + key));
    for (const [weight, numbers] of Object.entries(weights)) { // two finite biases may have no sum
      if (/(^|\.)bh/.test(weight)) finite({ shape: [], data: numbers }, prefix + weight, fail);
    }
    return weights;
  };
  return {
    model: { ...shell, weights: weightsOf("") },
    best: hasBest ? weightsOf(BEST) : undefined,
    ...(carried.length === 0 ? {} : {
      carried: Object.fromEntries(carried.map((key) => [key.slice(CARRIED.length), data(key)])),
    }),
    slots,
    training,
  };
}

/** What a checkpoint notes of its training; undefined for a model. */
function trainingOf({ metadata }: Header, fail: Fail): Training | undefined {
  const json = metadata.get("training");
  if (json === undefined) return undefined;
  const training = parseBounded(json, TRAINING_BOUNDS);
  checkTraining(training, fail);
  return training;
}

/** What a language model's checkpoint carries from piece to piece, where it does. */
function carriedShapes({ entries }: Header, { task, config }: Shell): Record<string, number[]> {
  const first = entries.get(`${CARRIED}h_l0`);
  if (!first || task !== "language-model") return {};
  const states = config.cell === "lstm" ? ["h", "c"] : ["h"];
  const shape = [Math.max(1, first.shape[0] ?? 1), config.hidden];
  return Object.fromEntries(
    Array.from(
      { length: config.layers },
      (_, layer) => states.map((state) => [`${CARRIED}${state}_l${layer}`, shape] as const),
    ).flat(),
  );
}

function finite({ data }: StoredTensor, name: string, fail: Fail): FloatArray {
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  return at < 0 ? data : fail(`is damaged: ${name} has ${data[at]} at ${at}`);
}
