/**
 * The training loop: shuffle, step, measure, as a stream of events.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "./backend.ts";
import type { Example } from "./data/examples.ts";
import { DivergedError, InputError } from "./errors.ts";
import { argmax, measure, type Metrics } from "./evaluate.ts";
import { type EncodedExample, encodeExamples, type Model, uploadWeights } from "./model.ts";
import { mapWeights, WEIGHT_NAMES, type Weights } from "./network.ts";
import { type Ops, opsOf } from "./ops.ts";
import { Random } from "./random.ts";
import { requireInteger, requirePositive } from "./settings.ts";
import { type Step, trainStep } from "./step.ts";

/** Settings of {@linkcode train}. The defaults are the article's. */
export interface TrainOptions {
  /** How often to go through all examples. Default: 1000. */
  epochs?: number;
  /** How many sentences make one step. Default: 1. */
  batchSize?: number;
  /** The length of a step of gradient descent. Default: 0.02. */
  learningRate?: number;
  /** Each component of the gradient is brought into [-clip, clip]. Default: 1. */
  clip?: number;
  /** Whether each epoch takes the examples in a new order. Default: true. */
  shuffle?: boolean;
  /** The seed of that order. Default: 1. */
  seed?: number;
  /** Examples held out of training, to measure after each epoch. */
  test?: readonly Example[];
  /** Once `aborted` is true, as in an `AbortSignal`, training ends after the step under way. */
  signal?: { readonly aborted: boolean };
}

/** What happens in training. */
export type TrainEvent =
  | {
    /** Some steps were made, about ten times a second: the moment to draw, or to let others run. */
    type: "progress";
    /** The epoch under way, from 1. */
    epoch: number;
    /** How many examples of it are done. */
    done: number;
    /** How many examples it has. */
    of: number;
  }
  | {
    /** An epoch is over; the model has its weights. */
    type: "epoch";
    /** The epoch, from 1. */
    epoch: number;
    /** Over the training examples, each measured just before its step. */
    train: Metrics;
    /** Over the held-out examples, after the epoch. */
    test?: Metrics;
  }
  | {
    /** Training was stopped on request in the midst of an epoch; the model has the weights. */
    type: "stopped";
    /** The epoch, from 1. */
    epoch: number;
    /** How many examples of it are done. */
    done: number;
  };

const SHUFFLE_STREAM = 1; // the model's weights are drawn from stream 0 of the seed
const PROGRESS_INTERVAL = 100; // milliseconds
const CHECK_INTERVAL = 256; // steps whose losses wait on the device, as each read stalls it

/**
 * Trains a model by stochastic gradient descent, in place.
 *
 * After every epoch, and every 256 steps within one, losses and weights are read and checked, and
 * the model gets the weights. So it always has the last good ones.
 *
 * @throws {InputError} Where an example or a setting cannot be used.
 * @throws {DivergedError} Where a loss or a weight turns NaN or infinite.
 * @throws {DeviceError} Where the backend's device fails.
 *
 * @example
 * ```ts
 * import { createModel, train } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [
 *   { text: "not good", label: "negative" },
 *   { text: "not bad", label: "positive" },
 *   { text: "good", label: "positive" },
 *   { text: "bad", label: "negative" },
 * ];
 * const model = createModel(examples, { hidden: 16, init: "scaled" });
 * let accuracy = 0;
 * for await (const event of train(createCpuBackend(), model, examples)) {
 *   if (event.type === "epoch") accuracy = event.train.accuracy;
 * }
 * assertEquals(accuracy, 1);
 * ```
 */
export function train(
  backend: Backend,
  model: Model,
  examples: readonly Example[],
  options: TrainOptions = {},
): AsyncGenerator<TrainEvent, void, void> {
  const { epochs = 1000, batchSize = 1, learningRate = 0.02, clip = 1 } = options;
  const { shuffle = true, seed = 1, test = [], signal } = options;
  requireInteger("the number of epochs", epochs, 1);
  requireInteger("the batch size", batchSize, 1);
  requirePositive("the learning rate", learningRate);
  requirePositive("the clip", clip);
  requireInteger("the seed", seed, 0);
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const encoded = encodeExamples(model, examples);
  const heldOut = encodeExamples(model, test);
  const settings = { epochs, batchSize, learningRate, clip, shuffle, seed, signal };
  return run(opsOf(backend), model, encoded, heldOut, settings);
}

type Settings = Required<Omit<TrainOptions, "test" | "signal">> & Pick<TrainOptions, "signal">;

async function* run(
  ops: Ops,
  model: Model,
  order: EncodedExample[],
  heldOut: readonly EncodedExample[],
  settings: Settings,
): AsyncGenerator<TrainEvent, void, void> {
  const { epochs, batchSize, shuffle, seed, signal } = settings;
  const random = new Random(seed, SHUFFLE_STREAM);
  let weights = uploadWeights(ops, model);
  let steps: Step[] = []; // not yet read
  let lastProgress = Date.now();
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      if (shuffle) random.shuffle(order);
      let loss = 0, right = 0, done = 0;
      const check = async () => {
        const first = done - steps.reduce((sum, { losses }) => sum + losses.shape[0], 0);
        const place = (i: number) =>
          `epoch ${epoch}, step ${Math.floor((first + i) / batchSize) + 1}`;
        const result = await readSteps(ops, weights, steps, order.slice(first, done), place);
        steps = [];
        loss += result.loss;
        right += result.right;
        return result.weights;
      };
      while (done < order.length && !signal?.aborted) {
        const batch = order.slice(done, done + batchSize);
        const step = trainStep(ops, weights, batch, settings);
        weights = step.weights;
        steps.push(step);
        done += batch.length;
        if (steps.length === CHECK_INTERVAL) model.weights = await check();
        if (Date.now() - lastProgress >= PROGRESS_INTERVAL) {
          yield { type: "progress", epoch, done, of: order.length };
          lastProgress = Date.now();
        }
      }
      const checked = steps.length > 0 ? await check() : model.weights;
      if (done < order.length) {
        model.weights = checked;
        yield { type: "stopped", epoch, done };
        return;
      }
      const event: TrainEvent = {
        type: "epoch",
        epoch,
        train: { loss: loss / done, accuracy: right / done },
      };
      if (heldOut.length > 0) {
        const { loss, accuracy } = await measure(ops, weights, heldOut);
        requireFinite(loss, `epoch ${epoch}: the held-out loss`);
        event.test = { loss, accuracy };
      }
      model.weights = checked;
      yield event;
    }
  } finally {
    ops.dispose([...Object.values(weights), ...steps.flatMap((s) => [s.losses, s.logits])]);
  }
}

/**
 * What some steps left on the device, in one read: the sum of their losses, how many examples
 * they got right, and the weights after them.
 */
async function readSteps(
  ops: Ops,
  weights: Weights<Tensor>,
  steps: readonly Step[],
  examples: readonly EncodedExample[],
  place: (example: number) => string,
): Promise<{ loss: number; right: number; weights: Weights<FloatArray> }> {
  const losses = ops.concatRows(steps.map((step) => step.losses));
  const logits = ops.concatRows(steps.map((step) => step.logits));
  const reading = ops.read([losses, logits, ...WEIGHT_NAMES.map((name) => weights[name])]);
  ops.dispose([losses, logits, ...steps.flatMap((step) => [step.losses, step.logits])]);
  const [l, y, ...values] = await reading;

  let loss = 0, right = 0;
  for (const [i, { label }] of examples.entries()) {
    requireFinite(l[i], `${place(i)}: the loss`);
    loss += l[i];
    if (argmax(y, i, logits.shape[1]) === label) right++;
  }
  for (const [w, name] of WEIGHT_NAMES.entries()) {
    const bad = values[w].find((value: number) => !Number.isFinite(value));
    requireFinite(bad ?? 0, `${place(examples.length - 1)}: a number of ${name}`);
  }
  return { loss, right, weights: mapWeights((name) => values[WEIGHT_NAMES.indexOf(name)]) };
}

function requireFinite(value: number, what: string): void {
  if (Number.isFinite(value)) return;
  throw new DivergedError(
    `${what} became ${value}; try a smaller learning rate, a smaller clip or a larger batch`,
  );
}
