/**
 * The numbers of one direction of a layer in the forward and backward passes of a text.
 *
 * @module
 */
import type { FloatArray, Ops, Tensor } from "../backend.ts";
import type { Example } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import { poolingOf } from "../network/head.ts";
import { forward } from "../network/network.ts";
import { suffix } from "../network/shapes.ts";
import { stackForward, type StackPass } from "../network/stack.ts";
import { createTextBatch } from "../network/text_batch.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import type { SpelledIds, TaskInspection, Uploaded } from "../task.ts";
import type { AnyTask } from "../tasks.ts";
import type { EncodedExample } from "../training/encoded.ts";
import { inspectedBackward } from "./inspection.ts";

/** A unit at a time step. */
export interface UnitPlace {
  /** The index of the word, from 0. */
  step: number;
  /** The index of the layer, from 0. */
  layer: number;
  /** The direction in the layer: 0 forward, 1 backward. */
  direction: number;
  /** The index of the unit in that direction, from 0. */
  unit: number;
}

/** The numbers of one direction of a layer after a pass, in its reading order. */
export interface LayerNumbers {
  /** The number n of time steps. */
  steps: number;
  /** h_0 to h_n, `[n + 1, hidden]`. */
  states: FloatArray;
  /** c_0 to c_n, `[n + 1, hidden]`, if the cell has a cell state. */
  cells?: FloatArray;
  /** The gates of each step, `[n, gates * hidden]`, if the cell has gates. */
  gates?: FloatArray;
}

/** The numbers of a forward pass. */
export interface ForwardNumbers {
  /** The numbers of the direction of the layer. */
  layer: LayerNumbers;
  /** The layer's input at the step: the id of a one-hot word, or a vector. */
  input: number | FloatArray;
  /** The head's input and the logits after the word, if the head is a softmax. */
  read?: FloatArray;
  logits?: FloatArray;
}

/** Runs the forward pass of a text, and reads the numbers of a unit's layer and step. */
export async function readForward(
  on: Uploaded<AnyModel>,
  { stack, logits: hasLogits }: TaskInspection<AnyModel>,
  { ids, spellings }: { ids: Int32Array } & SpelledIds,
  { step, layer, direction }: UnitPlace,
): Promise<ForwardNumbers> {
  const { ops, model: { config, vocabulary } } = on;
  const known = spellings ?? vocabulary.length, steps = ids.length;
  const isOneHot = layer === 0 && config.embedding === 0 && !config.letters;
  const hasHead = hasLogits !== undefined && !config.crf; // a CRF has no softmax of h Why
  const { isPerStep } = poolingOf(config);
  const found = await readNamed(on, () => {
    const batch = createTextBatch(ops, config, [ids], known);
    const weights = stack(on.weights);
    const pass = stackForward(ops, config, weights, batch);
    const named: Named = partsOf(pass, layer, direction);
    if (!isOneHot) {
      const [width] = weights["Wxh" + suffix(layer, false)].shape;
      named.input = pass.layers[layer].inputs.project(ops, identity(ops, width)); // x_t
    }
    if (hasHead) {
      const last = isPerStep ? steps : step + 1; // as if the text ended there
      const some = createTextBatch(ops, config, [ids.subarray(0, last)], known);
      const { read, logits } = forward(ops, config, on.weights, some);
      named.read = read;
      named.logits = logits;
    }
    return named;
  });
  const rows = isPerStep ? steps : 1, at = isPerStep ? step : 0;
  return {
    layer: numbersOf(found, steps),
    input: isOneHot ? ids[step] : rowOf(found.input, steps, step)!,
    read: rowOf(found.read, rows, at),
    logits: rowOf(found.logits, rows, at),
  };
}

/** The numbers of a forward and a backward pass. */
export interface BackwardNumbers {
  /** The numbers of the direction of the layer. */
  layer: LayerNumbers;
  /** dL/dz of each step, `[steps, gates * hidden]`. */
  dz: FloatArray;
  /** The gradients that reach h_0 to h_n from above, and c_0 to c_n if the cell has a state c. */
  reached: FloatArray;
  reachedCells?: FloatArray;
  /** The right labels, and the loss of each in nats. */
  targets: Int32Array;
  losses: FloatArray;
}

/** Runs the forward and backward passes of an example, and reads the numbers of a unit's layer. */
export async function readBackward(
  on: Uploaded<AnyModel>,
  task: AnyTask,
  { stack }: TaskInspection<AnyModel>,
  example: Example,
  { layer, direction }: UnitPlace,
): Promise<BackwardNumbers> {
  const { ops, model: { config, vocabulary } } = on;
  const [encoded] = task.encode(on.model, [example]);
  const { words, spellings } = encoded as EncodedExample;
  let targets = new Int32Array(0);
  const { dz, reached, reachedCells, losses, ...found } = await readNamed(on, () => {
    const batch = createTextBatch(ops, config, [words], spellings ?? vocabulary.length);
    const pass = stackForward(ops, config, stack(on.weights), batch);
    const back = inspectedBackward(on, task, encoded);
    const { cells, reached } = back.layers[layer];
    targets = Int32Array.from(back.targets);
    return {
      ...partsOf(pass, layer, direction),
      dz: cells[direction].dInputs,
      reached: reached[direction].h,
      reachedCells: reached[direction].c,
      losses: back.losses,
    };
  });
  for (const gradient of [dz!, reached!]) requireFinite(gradient, "gradients");
  return {
    layer: numbersOf(found, words.length),
    dz: dz!,
    reached: reached!,
    reachedCells,
    targets,
    losses: losses!,
  };
}

type Named = Record<string, Tensor | undefined>;

/** Reads tensors by name, and omits those that are undefined. */
async function readNamed(
  { ops }: Uploaded<AnyModel>,
  make: () => Named,
): Promise<Partial<Record<string, FloatArray>>> {
  let names: string[] = [];
  const tensors = ops.scope(() => {
    const there = Object.entries(make()).filter(([, tensor]) => tensor !== undefined);
    names = there.map(([name]) => name);
    return there.map(([, tensor]) => tensor!);
  });
  const numbers = await readAndDispose(ops, tensors);
  return Object.fromEntries(names.map((name, i) => [name, numbers[i]]));
}

function partsOf(pass: StackPass, layer: number, direction: number): Named {
  const { states, cells, gates } = pass.layers[layer].traces[direction];
  return { states, cells, gates };
}

function numbersOf(
  { states, cells, gates }: Partial<Record<string, FloatArray>>,
  steps: number,
): LayerNumbers {
  requireFinite(states!, "states");
  return { steps, states: states!, cells, gates };
}

function rowOf(a: FloatArray | undefined, rows: number, at: number): FloatArray | undefined {
  return a?.slice(at * a.length / rows, (at + 1) * a.length / rows);
}

function identity(ops: Ops, width: number): Tensor {
  const ones = new Float64Array(width * width);
  for (let i = 0; i < width; i++) ones[i * (width + 1)] = 1;
  return ops.tensor(ones, [width, width]);
}
