/**
 * One example's backward pass: what reaches each time step, and what each weight would get.
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
  /** dL/dW before clipping, row by row; of an embedding, of the words of the example alone. */
  values: FloatArray;
  /** How many numbers a row has. */
  columns: number;
  /** Its norm before clipping. */
  norm: number;
  /** How many of its numbers are outside of [-clip, clip]. */
  clipped: number;
}

/** What {@linkcode traceGradients} finds. */
export interface GradientTrace {
  /** The loss, in nats: of a model that gives labels or symbols one by one, the mean over them. */
  loss: number;
  /**
   * `layers[layer][direction]`: how large the gradient is at each unit after each word,
   * `[words, hidden]`: |dL/dz_t|, and for a cell with gates the norm over the unit's gates. In the
   * order of the words.
   */
  layers: FloatArray[][];
  /** The norm of dL/dz_t of the lowest layer for each word, over all its units and directions. */
  steps: number[];
  /** For each weight that is trained. */
  weights: Record<string, WeightGradient>;
  /** The norm of all gradients together, each component within ±clip already. */
  norm: number;
  /** What the gradients are then multiplied by, so that this norm is at most clipNorm; 1 for none. */
  scale: number;
}

/**
 * The backward pass of one example, as a training step of it alone would make it, without dropout.
 * The weights stay as they are. Of a language model the example is a text, through which the gradient
 * goes back whole. Of a model that translates the label is the target, each symbol of it after the
 * right ones before it, and the layers are the encoder's.
 *
 * @param options `clip` and `clipNorm` as in training. Default: Infinity, none.
 * @throws {InputError} Where the example cannot be used, or the model's weights overflow.
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
    scale: Math.min(1, clipNorm / (norm + 1e-6)), // as clipFactor() of a backend has it
  };
}

/** The norm over each unit's gates, `[timeSteps, hidden]`, in the order of the words. */
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
