import { createCpuBackend } from "@unroll/backend-cpu";
import {
  type Backend,
  createModel,
  type FloatArray,
  type Ops,
  opsOf,
  Random,
  type Tensor,
  train,
} from "@unroll/core";
import sentences from "../packages/cli/sentences.json" with { type: "json" };
import { crossEntropy } from "../packages/core/loss.ts";
import type { EncodedExample } from "../packages/core/model.ts";
import {
  backward,
  createBatch,
  forward,
  mapWeights,
  WEIGHT_NAMES,
  type Weights,
  weightShapes,
} from "../packages/core/network.ts";

/** A backend with some of its members replaced, or taken away by undefined. */
export function replacing(backend: Backend, members: Partial<Backend>): Backend {
  return new Proxy(backend, {
    get(target, name: keyof Backend) {
      const value = Object.hasOwn(members, name) ? members[name] : target[name];
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

/** A backend that offers no fused op, so that core composes each from primitives. */
export function withoutFused(backend: Backend): Backend {
  return replacing(backend, { rnnForward: undefined, rnnBackward: undefined });
}

/** The largest difference between a weight after 200 steps on a backend and on cpu. */
export async function distanceFromCpu(backend: Backend): Promise<number> {
  const some = sentences.train.slice(0, 50);
  const trained: Weights<FloatArray>[] = [];
  for (const each of [backend, createCpuBackend()]) {
    const model = createModel(some, { hidden: 16, init: "scaled" });
    await Array.fromAsync(train(each, model, some, { epochs: 4 }));
    trained.push(model.weights);
  }
  const [ours, theirs] = trained;
  return Math.max(...WEIGHT_NAMES.map((name) => distance(ours[name], theirs[name])));
}

/** Weights large enough that every unit matters. */
export function randomWeights(
  seed: number,
  words: number,
  hidden: number,
  labels: number,
): Weights<Float64Array<ArrayBuffer>> {
  const random = new Random(seed);
  const shapes = weightShapes(words, hidden, labels);
  return mapWeights((name) =>
    new Float64Array(shapes[name][0] * shapes[name][1]).map(() => 1.6 * random.uniform() - 0.8)
  );
}

/** Examples of the given lengths with random words and labels. */
export function randomExamples(
  seed: number,
  lengths: number[],
  words: number,
  labels: number,
): EncodedExample[] {
  const random = new Random(seed, 2);
  const below = (n: number) => Math.floor(random.uniform() * n);
  return lengths.map((length) => ({
    words: new Int32Array(length).map(() => below(words)),
    label: below(labels),
  }));
}

/** The weights as tensors. */
export function upload(
  ops: Ops,
  weights: Weights<FloatArray>,
  hidden: number,
): Weights<Tensor> {
  const labels = weights.by.length;
  const shapes = weightShapes(weights.Wxh.length / hidden, hidden, labels);
  return mapWeights((name) => ops.tensor(weights[name], shapes[name]));
}

/** States, logits, losses and gradients of a batch, as numbers. */
export async function passes(
  backend: Backend,
  weights: Weights<FloatArray>,
  hidden: number,
  examples: readonly EncodedExample[],
): Promise<{
  states: FloatArray;
  logits: FloatArray;
  losses: FloatArray;
  gradients: Weights<FloatArray>;
}> {
  const ops = opsOf(backend);
  const tensors = ops.scope(() => {
    const w = upload(ops, weights, hidden);
    const batch = createBatch(ops, examples.map(({ words }) => words), w.Wxh.shape[0]);
    const labels = ops.indices(examples.map(({ label }) => label), w.by.shape[1]);
    const pass = forward(ops, w, batch);
    const gradients = backward(ops, w, batch, pass, labels);
    const losses = crossEntropy(ops, pass.logits, labels);
    return [pass.states, pass.logits, losses, ...Object.values(gradients)];
  });
  const [states, logits, losses, Wxh, Whh, bh, Why, by] = await ops.read(tensors);
  ops.dispose(tensors);
  return { states, logits, losses, gradients: { Wxh, Whh, bh, Why, by } };
}

/** The largest distance between two arrays of equal length. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`lengths ${a.length} and ${b.length}`);
  return Array.from(a).reduce((largest, value, i) => Math.max(largest, Math.abs(value - b[i])), 0);
}
