/**
 * The adding problem of Hochreiter and Schmidhuber (1997): in a sequence of 100 random numbers from
 * 0 to 1, two are marked, and the network outputs their sum after the last step. A network without
 * memory can only predict the mean, for a mean squared error of 1/6; one that solves the problem
 * carries values over dozens of steps.
 *
 *     deno task bench:adding [STEPS]
 *
 * The vanilla RNN, LSTM and GRU see the same examples, with the same optimizer and maximum number
 * of steps. Training stops early once the problem is learned.
 *
 * @module
 */
import { createCpuBackend } from "@unroll/backend-cpu";
import { type CellName, type Ops, opsOf, Random, type Tensor } from "@unroll/core";
import type { Batch } from "#core/network/batch.ts";
import { logitsOf } from "#core/network/head.ts";
import { initWeights } from "#core/network/init.ts";
import { denseInputs } from "#core/network/inputs.ts";
import { layerBackward, layerForward } from "#core/network/layer.ts";
import { networkConfig } from "#core/network/config.ts";
import { weightShapes } from "#core/network/shapes.ts";
import { type Gradient, mapWeights } from "#core/network/weights.ts";
import { clipGradients, OPTIMIZER_DEFAULTS, optimizerStep } from "#core/training/optimizer.ts";

const TIME_STEPS = 100, BATCH = 32, HIDDEN = 32, RATE = 0.005, CLIP_NORM = 1;
const STEPS = Number(Deno.args[0] ?? 4000), EVERY = 500;
const LEARNED = 0.001; // the mean squared error to stop at, a tenth of what counts as learned
const OPTIMIZER = { ...OPTIMIZER_DEFAULTS, name: "adam" } as const;

/** Returns sequences of (number, mark), time-major, and the sums of the two marked numbers. */
function draw(random: Random): { inputs: Float64Array; sums: Float64Array } {
  const inputs = new Float64Array(TIME_STEPS * BATCH * 2), sums = new Float64Array(BATCH);
  for (let i = 0; i < BATCH; i++) {
    const half = TIME_STEPS / 2;
    const marked = [random.uniform() * half, half + random.uniform() * half].map(Math.floor);
    for (let t = 0; t < TIME_STEPS; t++) {
      const value = random.uniform(), at = 2 * (t * BATCH + i);
      inputs[at] = value;
      if (!marked.includes(t)) continue;
      inputs[at + 1] = 1;
      sums[i] += value;
    }
  }
  return { inputs, sums };
}

/** Trains a cell, printing the mean squared error; returns the last one and the steps taken. */
async function learn(ops: Ops, cell: CellName): Promise<{ error: number; steps: number }> {
  // A number and its mark take the place of a word's embedding.
  const config = networkConfig({ cell, hidden: HIDDEN, embedding: 2 });
  const { embedding: _, ...shapes } = weightShapes(config, 1, 1);
  const start = initWeights("scaled", config, weightShapes(config, 1, 1), new Random(1));
  let weights = mapWeights(shapes, (shape, name) => ops.tensor(start[name], shape));
  let slots = mapWeights(shapes, (shape) => [ops.zeros(shape), ops.zeros(shape)]);
  const last = ops.indices(
    Array.from({ length: BATCH }, (_, i) => TIME_STEPS * BATCH + i),
    (TIME_STEPS + 1) * BATCH,
  );
  const batch = { size: BATCH, last } as Batch;
  const random = new Random(2);
  const recent: number[] = [];
  for (let t = 1; t <= STEPS; t++) {
    const { inputs, sums } = draw(random);
    let errors: Tensor;
    ops.scope(() => {
      const x = denseInputs(ops.tensor(inputs, [TIME_STEPS * BATCH, 2]));
      const pass = layerForward(ops, config, weights, 0, x, batch);
      const h = ops.gatherRows(pass.traces[0].states, last);
      errors = ops.subtract(
        logitsOf(ops, h, weights.Why, weights.by),
        ops.tensor(sums, [BATCH, 1]),
      );
      const dy = ops.scale(errors, 2 / BATCH);
      const dh = ops.matmul(dy, weights.Why, { transposeB: true });
      const above = { dFinal: [{ h: dh }] };
      const below = layerBackward(ops, config, weights, 0, pass, above, batch).weights;
      const gradients: Record<string, Gradient> = mapWeights(
        { ...below, Why: ops.matmul(h, dy, { transposeA: true }), by: ops.sumRows(dy) },
        (values) => ({ values }),
      );
      const clipped = clipGradients(ops, gradients, { value: Infinity, norm: CLIP_NORM });
      const after = mapWeights(
        weights,
        (W, name) => optimizerStep(ops, OPTIMIZER, RATE, t, W, clipped[name], slots[name]),
      );
      weights = mapWeights(after, ([W]) => W);
      slots = mapWeights(after, ([_, ...own]) => own);
      return [errors, ...Object.values(after).flat()];
    });
    const [numbers] = await ops.read([errors!]);
    ops.dispose([errors!]);
    recent.push(Array.from(numbers).reduce((sum, e) => sum + e * e, 0) / BATCH);
    if (recent.length > 50) recent.shift();
    const error = recent.reduce((sum, each) => sum + each, 0) / recent.length;
    const isLearned = recent.length === 50 && error < LEARNED;
    if (t % EVERY === 0 || isLearned) {
      console.log(
        `${cell.padEnd(6)}${String(t).padStart(6)} steps  mean squared error ${error.toFixed(5)}`,
      );
    }
    if (isLearned || t === STEPS) return { error, steps: t };
  }
  throw new RangeError(`expected at least one step, got ${STEPS}`);
}

console.log(
  `Adding problem, ${TIME_STEPS} time steps: hidden size ${HIDDEN}, batch size ${BATCH}, Adam, ` +
    `learning rate ${RATE}; predicting the mean has an error of ${(1 / 6).toFixed(4)}\n`,
);
for (const cell of ["rnn", "lstm", "gru"] as const) {
  const began = performance.now();
  const { error, steps } = await learn(opsOf(createCpuBackend()), cell);
  const seconds = (performance.now() - began) / 1000;
  const result = error < 0.01 ? "learned" : "not learned";
  console.log(`${cell.padEnd(6)}${result} in ${steps} steps, ${seconds.toFixed(0)} s\n`);
}
