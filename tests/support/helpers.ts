import { createBlasBackend } from "@unroll/backend-blas";
import { type CpuBackend, createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  type FloatArray,
  type Ops,
  opsOf,
  Random,
  type Shape,
  type Tensor,
  train,
  type Weights,
} from "@unroll/core";
import { createSimdBackend, type SimdOptions } from "#cpu/simd.ts";
import sentences from "#cli/sentences.json" with { type: "json" };
import type { State } from "#core/network/cells/cell.ts";
import { CELL_NAMES, cellOf } from "#core/network/cells/cells.ts";
import { layerOutputs } from "#core/network/layer.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { backward, forward } from "#core/network/network.ts";
import { type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { dropoutMasks } from "#core/network/dropout.ts";
import { lettersConfig } from "#core/network/letters.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { createTextBatch } from "#core/network/text_batch.ts";
import { mapWeights } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { OPTIMIZER_DEFAULTS, slotNames } from "#core/training/optimizer.ts";
import { targetsOf, type Trained, trainStep } from "#core/training/step.ts";

const simd = (options: Partial<SimdOptions>) => () =>
  createSimdBackend({ fused: true, threads: 1, ...options })!;

/** The CPU backends by name; each call creates a new one. */
export const OWN_CPU_BACKENDS: Record<string, () => CpuBackend> = {
  "plain loops": () => createCpuBackend({ kernels: "plain" }),
  "plain loops in float64": () => createCpuBackend({ dtype: "float64" }),
  "SIMD with FMA": simd({}),
  "SIMD without FMA": simd({ fused: false }),
  "SIMD on two threads": simd({ threads: 2, minWorkToShare: 0 }),
  "SIMD on three threads": simd({ threads: 3, minWorkToShare: 0 }),
  ...(hasBlas()
    ? {
      "BLAS": () => createBlasBackend({ strips: true }),
      "BLAS on two threads": () =>
        createBlasBackend({ threads: 2, minWorkToShare: 0, strips: true }),
      "BLAS without strips, on two threads": () =>
        createBlasBackend({ threads: 2, minWorkToShare: 0, strips: false }),
    }
    : {}),
};

/** Whether there is a BLAS that this run may call, as in `deno task test:blas`. */
export function hasBlas(): boolean {
  if (typeof Deno === "undefined") return false; // in a browser
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") return false;
  try {
    createBlasBackend().dispose();
    return true;
  } catch {
    return false;
  }
}

/**
 * The same backends, created once for all tests of a file, so that threads start once. Those with
 * several threads divide all work that can be divided, however small.
 */
export const CPU_BACKENDS: Record<string, () => CpuBackend> = Object.fromEntries(
  Object.entries(OWN_CPU_BACKENDS).map(([name, create]) => {
    // A library that is opened within a test would have to be closed within it.
    let backend = name.startsWith("BLAS") ? create() : undefined;
    return [name, () => backend ??= create()];
  }),
);

/** Returns a backend with some members replaced, or removed by undefined. */
export function replacing(backend: Backend, members: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      const value = Object.hasOwn(members, name) ? members[name] : target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** Returns a backend without fused ops, so that core composes them from primitives. */
export function withoutFused(backend: Backend): Backend {
  return replacing(backend, {
    rnnForward: undefined,
    rnnBackward: undefined,
    lstmForward: undefined,
    lstmBackward: undefined,
    gruForward: undefined,
    gruBackward: undefined,
    normalize: undefined,
    normalizeBackward: undefined,
    normLstmForward: undefined,
    normLstmBackward: undefined,
    attention: undefined,
    attentionBackward: undefined,
    rnnSgdSteps: undefined,
    adam: undefined,
  });
}

/** Returns the largest difference between weights after 200 steps on a backend and on cpu. */
export async function distanceFromCpu(backend: Backend): Promise<number> {
  const some = sentences.train.slice(0, 50);
  const trained: Weights<FloatArray>[] = [];
  for (const each of [backend, createCpuBackend()]) {
    const model = createModel(some, { hidden: 16, init: "scaled" });
    await Array.fromAsync(train(each, model, some, { epochs: 4 }));
    trained.push(model.weights);
  }
  return farthest(trained[0], trained[1]);
}

/** Returns the largest difference between two sets of weights. */
export function farthest(a: Weights<FloatArray>, b: Weights<FloatArray>): number {
  return Math.max(...Object.keys(b).map((name) => distance(a[name], b[name])));
}

/** Returns weights that are large enough for every unit to matter. */
export function randomWeights(
  seed: number,
  config: NetworkConfig,
  words: number,
  labels: number,
  letters = 0,
): Weights<FloatArray> {
  const random = new Random(seed);
  return mapWeights(
    weightShapes(config, words, labels, letters),
    ([rows, columns]: Shape): FloatArray =>
      new Float64Array(rows * columns).map(() => 1.6 * random.uniform() - 0.8),
  );
}

/** Returns examples of these lengths with random words, and a label for each text or word. */
export function randomExamples(
  seed: number,
  lengths: number[],
  words: number,
  labels: number,
  { head }: Pick<NetworkConfig, "head"> = networkConfig({}),
): EncodedExample[] {
  const random = new Random(seed, 2);
  const below = (n: number) => Math.floor(random.uniform() * n);
  return lengths.map((length) => ({
    words: new Int32Array(length).map(() => below(words)),
    labels: new Int32Array(head === "token" ? length : 1).map(() => below(labels)),
  }));
}

/** Prepares steps of Adam that cycle through random batches of the given lengths. */
export function settledStep(
  ops: Ops,
  config: NetworkConfig,
  lengths: number[][],
  [words, labels] = [6, 2],
): { step: (i: number) => void; wait: () => Promise<unknown>; dispose: () => void } {
  const batches = lengths.map((each, i) => randomExamples(i, each, words, labels, config));
  const shapes = weightShapes(config, words, labels);
  const numbers = randomWeights(1, config, words, labels);
  const optimizer = { ...OPTIMIZER_DEFAULTS, name: "adam" } as const;
  let trained: Trained<Tensor> = {
    weights: mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape)),
    slots: {},
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const slot of slotNames(optimizer)) trained.slots[`${slot}.${name}`] = ops.zeros(shape);
  }
  let t = 0;
  return {
    step(i) {
      const examples = batches[i % batches.length];
      const timeSteps = Math.max(...examples.map(({ words }) => words.length));
      const clipping = { value: 1, norm: 1 };
      const settings = { optimizer, clipping, learningRate: 0.01, t: ++t, seed: 1 };
      const { losses, outputs, ...rest } = trainStep(
        ops,
        config,
        trained,
        examples,
        timeSteps,
        settings,
      );
      ops.dispose([losses, outputs]);
      trained = rest;
    },
    wait: () => ops.read([trained.weights.by]),
    dispose: () =>
      ops.dispose([...Object.values(trained.weights), ...Object.values(trained.slots)]),
  };
}

/** Options of {@linkcode passes}. */
export interface PassesOptions {
  /** Initial states by layer and direction: `[batch, hidden]` each. */
  initial?: { h: ArrayLike<number>; c?: ArrayLike<number> }[];
  /** The weight of each label in the loss. */
  labelWeights?: number[];
  /** Whether there is dropout between layers, with the same mask every time. */
  dropout?: boolean;
}

/** Computes states, logits, losses and gradients of a batch. */
export async function passes(
  backend: Backend,
  config: NetworkConfig,
  weights: Weights<FloatArray>,
  examples: readonly EncodedExample[],
  { initial, labelWeights, dropout }: PassesOptions = {},
) {
  const ops = opsOf(backend);
  const labels = weights.by.length;
  const words = (weights.embedding ?? weights.Wxh).length /
    (config.embedding || weights.bh.length);
  const letters = (weights["letters.embedding"]?.length ?? 0) / lettersConfig(config).embedding;
  const shapes = weightShapes(config, words, labels, letters);
  const timeSteps = Math.max(1, ...examples.map(({ words }) => words.length));
  const targets = targetsOf(config, examples, timeSteps);
  const counts = Array.from(targets, (label) => label < 0 ? 0 : labelWeights?.[label] ?? 1);
  const total = counts.reduce((sum, count) => sum + count);
  let names: string[] = [];
  const tensors = ops.scope(() => {
    const w = mapWeights(shapes, (shape, name) => ops.tensor(weights[name], shape));
    const sentences = examples.map(({ words }) => words);
    const batch = createTextBatch(ops, config, sentences, examples[0]?.spellings ?? words);
    const first = initial?.map(({ h, c }): State => ({
      h: ops.tensor(h, [examples.length, config.hidden]),
      c: c && ops.tensor(c, [examples.length, config.hidden]),
    }));
    const rowWeights = ops.tensor(counts.map((count) => count / total), [targets.length, 1]);
    const ids = ops.indices(targets, labels);
    const settings = { seed: 7, t: 1 };
    const masks = dropout
      ? dropoutMasks(ops, config, examples.length, timeSteps, settings)
      : undefined;
    const pass = forward(ops, config, w, batch, { initial: first, masks });
    const dLogits = crossEntropyLoss.gradient(ops, pass.logits, ids, rowWeights);
    const result = backward(ops, config, w, batch, pass, dLogits, { masks });
    const gradients = mapWeights(
      result.gradients,
      ({ values, rows }, name) =>
        rows ? ops.update(ops.zeros(shapes[name]), values, { keep: 1, add: 1, rows }) : values,
    );
    names = Object.keys(gradients);
    const cells = result.layers.flatMap((layer) => layer.cells.map((cell) => cell.dInitial()));
    const traces = pass.layers.flatMap((layer) => layer.traces);
    return [
      traces[0].states,
      pass.logits,
      crossEntropyLoss.value(ops, pass.logits, ids),
      layerOutputs(ops, pass.layers[config.layers - 1], batch),
      ...Object.values(gradients),
      ...cells.map(({ h }) => h),
      ...cells.map(({ c }) => c ?? pass.logits),
      ...traces.map(({ states }) => ops.gatherRows(states, batch.last)),
      ...traces.map(({ cells }) => cells ? ops.gatherRows(cells, batch.last) : pass.logits),
    ];
  });
  const [states, logits, losses, outputs, ...rest] = await ops.read(tensors);
  ops.dispose(tensors);
  const gradients = Object.fromEntries(names.map((name) => [name, rest.shift()!]));
  const cells = rest.length / 4;
  const [dh0, dc0, hn, cn] = [0, 1, 2, 3].map((k) => rest.slice(k * cells, (k + 1) * cells));
  const loss = counts.reduce((sum, count, i) => sum + count * losses[i], 0);
  return { states, logits, losses, loss: loss / total, outputs, gradients, dh0, dc0, hn, cn };
}

/** Returns the largest difference between two arrays of equal length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}

/**
 * The cells that finite differences can check with two or three units. Layer normalization of so
 * few is too steep for that; layer_norm_test.ts checks it.
 */
export const SMOOTH_CELLS = CELL_NAMES.filter((cell) => !cellOf(cell).norms);

/**
 * Returns the largest relative error of gradients against five-point central differences, whose own
 * error with this step is near 1e-13. Gradients below 1e-6 are treated as 1e-6.
 */
export async function relativeError(
  numbers: Record<string, ArrayLike<number>>,
  gradients: Record<string, ArrayLike<number>>,
  loss: () => Promise<number>,
  step = 1e-3,
): Promise<number> {
  let largest = 0;
  for (const [name, values] of Object.entries(numbers)) {
    if (gradients[name]?.length !== values.length) throw new Error(`the gradient of ${name}`);
    const changing = values as FloatArray;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      const at = async (offset: number) => {
        changing[i] = value + offset * step;
        return await loss();
      };
      const slope = (8 * (await at(1) - await at(-1)) - (await at(2) - await at(-2))) / (12 * step);
      changing[i] = value;
      const size = Math.max(Math.abs(slope), Math.abs(gradients[name][i]), 1e-6);
      largest = Math.max(largest, Math.abs(gradients[name][i] - slope) / size);
    }
  }
  return largest;
}
