/**
 * Compares a backend with PyTorch for every kind of network and optimizer. The values come from
 * tests/golden/make_networks.py.
 *
 * @module
 */
import { type Backend, type FloatArray, opsOf, type Tensor, type Weights } from "@unroll/core";
import { assertEquals, assertLess } from "@std/assert";
import golden from "#tests/golden/networks.json" with { type: "json" };
import pooling from "#tests/golden/pooling.json" with { type: "json" };
import projection from "#tests/golden/projection.json" with { type: "json" };
import { type NetworkConfig, networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "#core/network/torch_names.ts";
import { mapWeights } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { OPTIMIZER_DEFAULTS, slotNames } from "#core/training/optimizer.ts";
import { type Trained, trainStep } from "#core/training/step.ts";
import { distance, farthest, passes } from "./helpers.ts";

const { words, hidden, labels, sentences } = golden;
const TOLERANCE = 1e-5;

type Numbers = Record<string, number[]>;

/** An entry of the file; each has some of the members. */
interface Entry {
  config: Partial<NetworkConfig>;
  weights: Numbers;
  initial?: { h0: number[]; c0?: number[] };
  outputs: number[];
  hn: number[];
  cn?: number[];
  logits: number[];
  losses: number[];
  gradients: Numbers;
  initialGradients?: { h0: number[]; c0?: number[] };
}

interface OptimizerEntry {
  config: Partial<NetworkConfig>;
  optimizer: {
    name: "sgd" | "rmsprop" | "adam" | "adamw";
    learningRates: number[];
    momentum?: number | null;
    weightDecay?: number | null;
    alpha?: number | null;
    betas?: [number, number] | null;
    epsilon?: number | null;
  };
  clip: number | null;
  clipNorm: number | null;
  labelWeights: number[] | null;
  batches: number[][];
  weights: Numbers;
  losses: number[];
  after: Numbers;
}

function examplesFor({ head }: NetworkConfig): EncodedExample[] {
  return sentences.map(({ words, label, tags }) => ({
    words: Int32Array.from(words),
    labels: Int32Array.from(head === "token" ? tags : [label]),
  }));
}

/** PyTorch's weights or gradients under the names of the equations; missing ones are zero. */
function ours(config: NetworkConfig, theirs: Numbers): Weights<FloatArray> {
  const shapes = torchShapes(config, words, labels);
  const zeros = (name: string) => new Array(shapes[name].reduce((a, b) => a * b)).fill(0);
  return fromTorch(config, (name) => Float64Array.from(theirs[name] ?? zeros(name)));
}

/** The cases: one for each network, one for each optimizer. */
export function goldenCases(): { name: string; run(backend: Backend): Promise<void> }[] {
  return [
    ...([
      ...[...golden.networks, ...pooling.networks],
      ...projection.networks,
    ] as unknown as Entry[]).map((entry) => ({
      name: `computes PyTorch's states, losses and gradients: ${show(entry.config)}` +
        (entry.initial ? ", initial states given" : ""),
      run: (backend: Backend) => compareNetwork(backend, entry),
    })),
    ...(golden.optimizers as unknown as OptimizerEntry[]).map((entry) => ({
      name: `makes PyTorch's three steps: ${show(entry.optimizer)}` +
        show({ clip: entry.clip, norm: entry.clipNorm, weights: entry.labelWeights }, ", ") +
        (entry.config.embedding ? ", embedding" : ""),
      run: (backend: Backend) => compareSteps(backend, entry),
    })),
  ];
}

function show(settings: object, before = ""): string {
  const given = Object.entries(settings).filter(([, value]) => value !== null && value !== false);
  return given.length > 0 ? before + given.map(([k, v]) => `${k} ${v}`).join(", ") : "";
}

async function compareNetwork(backend: Backend, entry: Entry): Promise<void> {
  const config = networkConfig({ ...entry.config, hidden });
  const examples = examplesFor(config);
  const batch = examples.length, timeSteps = Math.max(...golden.lengths);
  const state = (all: number[], k: number) =>
    all.slice(k * batch * hidden, (k + 1) * batch * hidden);
  const cells = entry.hn.length / (batch * hidden);
  const { h0, c0 } = entry.initial ?? {};
  const initial = h0 && Array.from({ length: cells }, (_, k) => ({
    h: state(h0, k),
    c: c0 && state(c0, k),
  }));
  const weights = ours(config, entry.weights);
  const actual = await passes(backend, config, weights, examples, { initial });

  // After a sentence's end PyTorch returns zeros; here the values are unspecified.
  const isReal = (row: number) => examples[row % batch].words.length > Math.floor(row / batch);
  const compareRows = (mine: FloatArray, theirs: number[], what: string) => {
    const width = theirs.length / (timeSteps * batch);
    assertEquals(mine.length, theirs.length, what);
    for (let row = 0; row < timeSteps * batch; row++) {
      if (!isReal(row)) continue;
      const [start, end] = [row * width, (row + 1) * width];
      assertLess(distance(mine.subarray(start, end), theirs.slice(start, end)), TOLERANCE, what);
    }
  };
  compareRows(actual.outputs, entry.outputs, "outputs");
  if (config.head === "token") compareRows(actual.logits, entry.logits, "logits");
  else assertLess(distance(actual.logits, entry.logits), TOLERANCE, "logits");
  assertLess(distance(actual.losses, entry.losses), TOLERANCE, "losses");
  for (let k = 0; k < cells; k++) {
    assertLess(distance(actual.hn[k], state(entry.hn, k)), TOLERANCE, "final states");
    if (entry.cn) assertLess(distance(actual.cn[k], state(entry.cn, k)), TOLERANCE, "final cells");
  }
  assertLess(farthest(actual.gradients, ours(config, entry.gradients)), TOLERANCE, "gradients");
  for (const [k, dh0] of (entry.initialGradients ? actual.dh0 : []).entries()) {
    const { h0, c0 } = entry.initialGradients!;
    assertLess(distance(dh0, state(h0, k)), TOLERANCE, "gradient of h0");
    if (c0) assertLess(distance(actual.dc0[k], state(c0, k)), TOLERANCE, "gradient of c0");
  }
  // And back to PyTorch's names.
  for (const [name, { data }] of Object.entries(toTorch(config, weights))) {
    assertLess(distance(data, entry.weights[name]), 1e-12, name);
  }
}

async function compareSteps(backend: Backend, entry: OptimizerEntry): Promise<void> {
  const config = networkConfig({ ...entry.config, hidden });
  const all = examplesFor(config);
  const { learningRates, ...rest } = entry.optimizer;
  const given = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null && value !== undefined),
  );
  const optimizer = { ...OPTIMIZER_DEFAULTS, ...given };
  const clipping = { value: entry.clip ?? Infinity, norm: entry.clipNorm ?? Infinity };
  const ops = opsOf(backend);
  const shapes = weightShapes(config, words, labels);
  const numbers = ours(config, entry.weights);
  let trained: Trained<Tensor> = {
    weights: mapWeights(shapes, (shape, name) => ops.tensor(numbers[name], shape)),
    slots: {},
  };
  for (const [name, shape] of Object.entries(shapes)) {
    for (const slot of slotNames(optimizer)) trained.slots[`${slot}.${name}`] = ops.zeros(shape);
  }
  for (const [k, batch] of entry.batches.entries()) {
    const examples = batch.map((i) => all[i]);
    const timeSteps = Math.max(...examples.map(({ words }) => words.length));
    const labelWeights = entry.labelWeights ?? undefined;
    const step = trainStep(ops, config, trained, examples, timeSteps, {
      optimizer,
      clipping,
      learningRate: learningRates[k],
      t: k + 1,
      labelWeights,
      seed: 1,
    });
    const [losses] = await ops.read([step.losses]);
    const counts = examples.map(({ labels }) => labelWeights?.[labels[0]] ?? 1);
    const total = counts.reduce((sum, count) => sum + count);
    const loss = counts.reduce((sum, count, i) => sum + count * losses[i], 0) / total;
    assertLess(Math.abs(loss - entry.losses[k]), TOLERANCE, `loss of step ${k + 1}`);
    ops.dispose([step.losses, step.outputs]);
    trained = step;
  }
  const names = Object.keys(shapes);
  const values = await ops.read(names.map((name) => trained.weights[name]));
  ops.dispose([...Object.values(trained.weights), ...Object.values(trained.slots)]);
  const after = Object.fromEntries(names.map((name, i) => [name, values[i]]));
  assertLess(
    farthest(after, ours(config, entry.after)),
    TOLERANCE,
    `weights after three steps ${farthest(after, ours(config, entry.after))}`,
  );
}
