/**
 * The backward pass of one example: the gradient at each time step, and of each weight.
 *
 * @module
 */
import type { Backend, FloatArray } from "../backend.ts";
import type { Example } from "../data/examples.ts";
import type { AnyModel } from "../model.ts";
import { directions } from "../network/shapes.ts";
import { opsOf } from "../ops/checked_ops.ts";
import { readAndDispose, requireFinite } from "../ops/reading.ts";
import { withWeights } from "../task.ts";
import { taskOf } from "../tasks.ts";
import { inspectedBackward } from "./inspection.ts";

/** The gradient of one weight. */
export interface WeightGradient {
  /** dL/dW before clipping, row by row; for an embedding, only the rows of the example's words. */
  values: FloatArray;
  /** The length of a row. */
  columns: number;
  /** The norm of the gradient before clipping. */
  norm: number;
  /** The number of components outside of [-clip, clip]. */
  clipped: number;
}

/** The result of {@linkcode traceGradients}. */
export interface GradientTrace {
  /** The loss in nats; for a model that predicts labels or tokens one by one, their mean. */
  loss: number;
  /**
   * `layers[layer][direction]`: the size of the gradient at each unit after each word,
   * `[words, hidden]`: |dL/dz_t|, or for a cell with gates the norm over the unit's gates. In the
   * order of the words.
   */
  layers: FloatArray[][];
  /** The norm of dL/dz_t of the lowest layer for each word, over all its units and directions. */
  steps: number[];
  /** The gradient of each trainable weight, by name. */
  weights: Record<string, WeightGradient>;
  /** The norm of all gradients together, after each component was clipped to ±clip. */
  norm: number;
  /** The factor that then scales the gradients so that the norm is at most clipNorm; 1 for none. */
  scale: number;
}

/**
 * Computes the backward pass of one example, as in a training step with only this example and
 * without dropout. The weights are not changed. For a language model, the example is a text, and
 * the gradient flows back through all of it. For a translation model, the label is the target, with
 * teacher forcing, and the layers are the encoder's.
 *
 * @param options `clip` and `clipNorm` as in training. Default: Infinity, no clipping.
 * @throws {InputError} If the example cannot be used, or the model's weights overflow.
 *
 * @example
 * ```ts
 * import { createModel, traceGradients } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "so so good", label: "up" }, { text: "bad", label: "down" }];
 * const model = createModel(examples, { hidden: 8, init: "scaled" });
 * const trace = await traceGradients(createCpuBackend(), model, examples[0], { clip: 1 });
 * assertEquals([trace.steps.length, trace.layers[0][0].length], [3, 3 * 8]);
 * assertEquals(trace.weights.Whh.values.length, 8 * 8);
 * ```
 */
export async function traceGradients(
  backend: Backend,
  model: AnyModel,
  example: Example,
  { clip = Infinity, clipNorm = Infinity }: { clip?: number; clipNorm?: number } = {},
): Promise<GradientTrace> {
  const { config } = model;
  const task = taskOf(model);
  const [encoded] = task.encode(model, [example]);
  const timeSteps: number = encoded.words.length;
  const ops = opsOf(backend);
  let names: string[] = [], columns: number[] = [];
  const [logits, losses, ...rest] = await withWeights(ops, task, model, (on) =>
    readAndDispose(
      ops,
      ops.scope(() => {
        const { logits, losses, gradients, layers } = inspectedBackward(on, task, encoded);
        names = Object.keys(gradients);
        columns = names.map((name) => gradients[name].values.shape[1]);
        return [
          logits,
          losses,
          ...layers.flatMap(({ cells }) => cells.map(({ dInputs }) => dInputs)),
          ...names.map((name) => gradients[name].values),
        ];
      }),
    ));
  requireFinite(logits);
  for (const gradient of rest) requireFinite(gradient, "gradients");

  const layers = Array.from(
    { length: config.layers },
    () =>
      directions(config).map((reverse) => sizes(rest.shift()!, config.hidden, timeSteps, reverse)),
  );
  const found: GradientTrace["weights"] = {};
  let squares = 0;
  for (const [i, name] of names.entries()) {
    const values = rest[i];
    let sum = 0, clipped = 0;
    for (const value of values) {
      sum += value * value;
      if (Math.abs(value) > clip) clipped++;
      squares += Math.min(Math.abs(value), clip) ** 2;
    }
    found[name] = { values, columns: columns[i], norm: Math.sqrt(sum), clipped };
  }
  const norm = Math.sqrt(squares);
  return {
    loss: Array.from(losses).reduce((sum, loss) => sum + loss) / losses.length,
    layers,
    steps: Array.from({ length: timeSteps }, (_, t) =>
      Math.hypot(
        ...layers[0].flatMap((a) => [...a.subarray(t * config.hidden, (t + 1) * config.hidden)]),
      )),
    weights: found,
    norm,
    scale: Math.min(1, clipNorm / (norm + 1e-6)), // the same as clipFactor() of a backend
  };
}

/** Computes the norm over each unit's gates, `[timeSteps, hidden]`, in the order of the words. */
function sizes(dz: FloatArray, hidden: number, timeSteps: number, reverse: boolean): FloatArray {
  const gates = dz.length / timeSteps / hidden;
  const out = dz.slice(0, timeSteps * hidden);
  for (let t = 0; t < timeSteps; t++) {
    const row = (reverse ? timeSteps - 1 - t : t) * gates * hidden;
    for (let unit = 0; unit < hidden; unit++) {
      let sum = 0;
      for (let k = 0; k < gates; k++) sum += dz[row + k * hidden + unit] ** 2;
      out[t * hidden + unit] = Math.sqrt(sum);
    }
  }
  return out;
}
