/**
 * The workloads on a variant of one of Unroll's CPU backends, in its own process, so that the
 * compilation of one variant does not affect another.
 *
 *     echo 5 | deno run --allow-read --allow-ffi bench/peers/unroll.ts WORKLOAD OPTIONS [SIZES]
 *
 * OPTIONS are those of createCpuBackend() as JSON or, with "blas": true, of createBlasBackend();
 * SIZES are the sizes of the workload to change.
 *
 * @module
 */
import { type CpuBackend, createCpuBackend } from "@unroll/backend-cpu";
import { type BlasLibrary, createBlasBackend } from "@unroll/backend-blas";
import { createModel, opsOf, train, type TrainEvent } from "@unroll/core";
import type { Tensor } from "#core/backend.ts";
import sentences from "#cli/sentences.json" with { type: "json" };
import { createBatch } from "#core/network/batch.ts";
import { crossEntropyLoss } from "#core/network/loss.ts";
import { forward } from "#core/network/network.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { uploadAll } from "#core/network/weights.ts";
import type { EncodedExample } from "#core/training/encoded.ts";
import { OPTIMIZER_DEFAULTS, slotNames } from "#core/training/optimizer.ts";
import { type Trained, trainStep } from "#core/training/step.ts";
import { timed } from "../turns.ts";
import { drawBatch, resized, startWeights, type Workload, WORKLOADS } from "../workloads.ts";
import { serve } from "./serve.ts";

/** Runs a step, counted from 1, and returns its loss. */
type Step = (examples: EncodedExample[], t: number) => Promise<number>;

const STEPS: Record<Workload["task"], (backend: CpuBackend, workload: Workload) => Step> = {
  article: articleRun,
  train: trainingStep,
  forward: forwardPass,
};

function articleRun(backend: CpuBackend, workload: Workload): Step {
  const { config, epochs, learningRate } = workload;
  return async () => {
    const model = createModel(sentences.train, config);
    model.weights = startWeights(workload);
    const options = { epochs, learningRate, clip: 1, shuffle: false, test: sentences.test };
    let last: TrainEvent | undefined;
    for await (const event of train(backend, model, sentences.train, options)) last = event;
    if (last?.type !== "epoch") throw new Error("training did not finish");
    return last.train.loss;
  };
}

function trainingStep(backend: CpuBackend, workload: Workload): Step {
  const { config, timeSteps, learningRate } = workload;
  const ops = opsOf(backend);
  const optimizer = { ...OPTIMIZER_DEFAULTS, name: "adam" } as const;
  const weights = upload(backend, workload);
  let trained: Trained<Tensor> = { weights, slots: {} };
  for (const [name, { shape }] of Object.entries(weights)) {
    for (const slot of slotNames(optimizer)) trained.slots[`${slot}.${name}`] = ops.zeros(shape);
  }
  const clipping = { value: Infinity, norm: Infinity };
  return async (examples, t) => {
    const settings = { optimizer, clipping, learningRate, t, seed: 1 };
    const step = trainStep(ops, config, trained, examples, timeSteps, settings);
    trained = step;
    const [losses] = await ops.read([step.losses]);
    ops.dispose([step.losses, step.outputs]);
    return mean(losses);
  };
}

function forwardPass(backend: CpuBackend, workload: Workload): Step {
  const { config, words, labels } = workload;
  const ops = opsOf(backend);
  const weights = upload(backend, workload);
  return async (examples) => {
    const [losses] = ops.scope(() => {
      const batch = createBatch(ops, config, examples.map(({ words }) => words), words);
      const { logits } = forward(ops, config, weights, batch);
      const right = ops.indices(examples.flatMap(({ labels }) => [...labels]), labels);
      return [crossEntropyLoss.value(ops, logits, right)];
    });
    const [numbers] = await ops.read([losses]);
    ops.dispose([losses]);
    return mean(numbers);
  };
}

function upload(backend: CpuBackend, workload: Workload): Trained<Tensor>["weights"] {
  const shapes = weightShapes(workload.config, workload.words, workload.labels);
  return uploadAll(opsOf(backend), shapes, startWeights(workload));
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}

const [name, options, sizes = "{}"] = Deno.args;
const workload = resized(WORKLOADS[name], JSON.parse(sizes));
const { blas, ...asked } = JSON.parse(options);
const backend: CpuBackend & { threads?: number; library?: BlasLibrary } = blas
  ? createBlasBackend(asked)
  : createCpuBackend(asked);
const { kernels, threads = 1, library } = backend;
if (threads !== (asked.threads ?? 1)) throw new Error(`${asked.threads} threads are not available`);
const shown = [blas ? "BLAS" : kernels, ...(threads > 1 ? [`${threads} threads`] : [])].join(", ");
const step = STEPS[workload.task](backend, workload);
await serve(
  `Unroll, ${shown}`,
  timed((i) => drawBatch(workload, i), step),
  library && `${library.name} (${library.path}), ${library.gflops.toFixed(0)} GFLOP/s on a thread`,
);
