/**
 * Reads the parts of a model or checkpoint file; everything is checked before weights are read.
 *
 * @module
 */
import type { FloatArray, Shape } from "../backend.ts";
import { InputError } from "../errors.ts";
import { type AnyModel, networkWeights, type Shell } from "../model.ts";
import type { StoredTensor } from "../network/torch_names.ts";
import { prefixed, type Weights } from "../network/weights.ts";
import type { Fail } from "../task.ts";
import type { AnyTask } from "../tasks.ts";
import type { Checkpoint } from "../training/checkpoint.ts";
import { checkBest, checkSlots, checkTraining } from "../training/checkpoint_check.ts";
import { slotNames } from "../training/optimizer.ts";
import { isRecord } from "../training/same.ts";
import { type JsonBounds, parseBounded } from "./bounded_json.ts";
import { checkShapes, shellOf, wantedFor } from "./model_metadata.ts";
import { type ByteSource, type Header, readHeader, readTensors, WRITTEN } from "./safetensors.ts";
import { withoutWrapper } from "./wrappers.ts";

/** The prefixes of the names of a checkpoint's other tensors. */
export const SLOT = "optimizer.", BEST = "best.", EARLY = "early.", CARRIED_STATE = "carried.";

/** Returns the prefix of each network's tensor names: its index in an ensemble, else empty. */
function networkPrefixes(networks: number): string[] {
  return networks === 1 ? [""] : Array.from({ length: networks }, (_, k) => `${k}.`);
}

/** Returns the tensors of a model's networks, by name. */
export function networkTensors(task: AnyTask, model: AnyModel): Record<string, StoredTensor> {
  const all = networkWeights(model), prefixes = networkPrefixes(all.length);
  return Object.assign(
    {},
    ...all.map((weights, k) => prefixed(prefixes[k], task.file.toTorch(model, weights))),
  );
}

/** The limits of a checkpoint's `training` metadata: enough for the losses of 100,000 epochs. */
export const TRAINING_BOUNDS: JsonBounds = { depth: 100, values: 2 ** 21, keys: 2 ** 19 };

type Training = Pick<Checkpoint, "progress" | "options" | "examples"> & { notes?: unknown };

interface Parts extends Pick<Checkpoint, "model" | "best" | "early" | "slots" | "carriedState"> {
  training?: Training;
}

/** Reads and checks all parts of a file. */
export async function readParts(
  source: ByteSource,
  name: string,
  tasks: readonly AnyTask[],
): Promise<Parts> {
  const fail: Fail = (problem) => {
    throw new InputError(`${name}: ${problem}`);
  };
  const read = await readHeader(source, name, wantedFor(tasks));
  const entries = withoutWrapper(read.entries);
  const isRewritten = entries !== read.entries ||
    [...entries.values()].some(({ dtype }) => !WRITTEN.includes(dtype));
  const header = { ...read, entries, hasChecksum: read.hasChecksum && !isRewritten };
  const { shell, task, networks } = shellOf(header, tasks, fail);
  const { config } = shell;
  const training = trainingOf(header, fail);

  const network: Record<string, number[]> = task.file.torchShapes(shell);
  const [first] = Object.keys(network), prefixes = networkPrefixes(networks);
  const shapes: Record<string, number[]> = {};
  for (const prefix of prefixes) Object.assign(shapes, prefixed(prefix, network));
  const kept: string[] = [];
  if (training) {
    const here: Weights<Shape> = task.shapes(shell);
    for (const weight of Object.keys(here)) {
      if (weight === "embedding" && config.frozen) continue;
      for (const slot of slotNames(training.options.optimizer)) {
        kept.push(`${slot}.${weight}`);
        shapes[`${SLOT}${slot}.${weight}`] = [...here[weight]];
      }
    }
    const hasBest = header.entries.has(BEST + first);
    if (hasBest) Object.assign(shapes, prefixed(BEST, network));
    for (let k = 0; header.entries.has(`${EARLY}${k}.${first}`); k++) {
      Object.assign(shapes, prefixed(`${EARLY}${k}.`, network));
    }
    checkBest(hasBest, training, fail);
    Object.assign(shapes, carriedShapes(header, task, shell));
  }
  Object.assign(shapes, task.file.companions?.shapes(shell));
  checkShapes(header, shapes, config.cell, fail);
  const tensors = await readTensors(source, header, name);
  const data = (tensor: string) => finite(tensors.get(tensor)!, tensor, fail);
  const slots = Object.fromEntries(kept.map((key) => [key, data(SLOT + key)]));
  checkSlots(slots, fail);
  const hasBest = Object.hasOwn(shapes, BEST + first);
  const carriedKeys = Object.keys(shapes).filter((key) => key.startsWith(CARRIED_STATE));
  const weightsOf = (prefix: string) => {
    const weights = task.file.fromTorch(shell, (key: string) => data(prefix + key)) as Weights<
      FloatArray
    >;
    for (const [weight, numbers] of Object.entries(weights)) { // two biases' sum may overflow
      if (/(^|\.)bh/.test(weight)) finite({ shape: [], data: numbers }, prefix + weight, fail);
    }
    return weights;
  };
  const ensemble = prefixes.map(weightsOf), weights = ensemble.pop()!;
  const early: Weights<FloatArray>[] = [];
  while (Object.hasOwn(shapes, `${EARLY}${early.length}.${first}`)) {
    early.push(weightsOf(`${EARLY}${early.length}.`));
  }
  return {
    model: {
      ...shell,
      ...task.file.companions?.read(shell, data),
      weights,
      ...(ensemble.length > 0 ? { ensemble } : {}),
    } as AnyModel,
    ...(early.length > 0 ? { early } : {}),
    best: hasBest ? weightsOf(BEST) : undefined,
    ...(carriedKeys.length === 0 ? {} : {
      carriedState: Object.fromEntries(
        carriedKeys.map((key) => [key.slice(CARRIED_STATE.length), data(key)]),
      ),
    }),
    slots,
    training,
  };
}

/** Reads the training state of a checkpoint; undefined for a model. */
function trainingOf({ metadata }: Header, fail: Fail): Training | undefined {
  const json = metadata.get("training");
  if (json === undefined) return undefined;
  const training = withSums(parseBounded(json, TRAINING_BOUNDS));
  checkTraining(training, fail);
  return training;
}

/** Converts the progress of older checkpoints, which have a count of right targets, not sums. */
function withSums(training: unknown): unknown {
  if (!isRecord(training) || !isRecord(training.progress)) return training;
  const { right, ...progress } = training.progress;
  if (right === undefined || progress.sums !== undefined) return training;
  const sums = progress.targets === 0 ? {} : { accuracy: right };
  return { ...training, progress: { ...progress, sums } };
}

/** Returns the shapes of the state that a checkpoint carries within an epoch; `{}` if none. */
function carriedShapes(
  { entries }: Header,
  { file: { carriedShapes } }: AnyTask,
  shell: Shell,
): Record<string, number[]> {
  const first = entries.get(`${CARRIED_STATE}h_l0`);
  if (!first || !carriedShapes) return {};
  const shapes: Weights<Shape> = carriedShapes(shell, Math.max(1, first.shape[0] ?? 1));
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [CARRIED_STATE + name, [...shape]]),
  );
}

function finite({ data }: StoredTensor, name: string, fail: Fail): FloatArray {
  const at = data.findIndex((value: number) => !Number.isFinite(value));
  return at < 0 ? data : fail(`is damaged: ${name} has ${data[at]} at ${at}`);
}
