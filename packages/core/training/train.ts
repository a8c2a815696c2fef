/**
 * The training loop: shuffle, step, measure, as a stream of events.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "../backend.ts";
import { type Checkpoint, checkPosition, checkResume } from "./checkpoint.ts";
import type { Example } from "../data/examples.ts";
import { placeOf } from "../data/place.ts";
import { DivergedError, InputError } from "../errors.ts";
import { argmax, type Metrics } from "../classification/evaluate.ts";
import { documentLesson } from "../language_model/training.ts";
import type { Lesson, Measure, Sets } from "./task.ts";
import { encodeExamples, type Model, uploadWeights } from "../model.ts";
import { mapWeights, type Weights } from "../network/config.ts";
import { slotNames } from "./optimizer.ts";
import { type Ops, opsOf } from "../ops/checked_ops.ts";
import { nextEpoch, startProgress, watchLoss } from "./progress.ts";
import { Random, STREAMS } from "../random.ts";
import { rateFactor } from "./schedule.ts";
import { pairLesson } from "../translation/training.ts";
import type { Step, Trained } from "./step.ts";
import { textLesson } from "../classification/training.ts";
import { clippingOf, type SettledOptions, settleOptions, type TrainOptions } from "./options.ts";

/** What happens in training. */
export type TrainEvent =
  | {
    /** Some steps were made, about ten times a second: the moment to draw, or to let others run. */
    type: "progress";
    /** The epoch under way, from 1. */
    epoch: number;
    /** How many examples of it are done; of a language model, how many symbols. */
    done: number;
    /** How many it has. */
    of: number;
  }
  | {
    /** An epoch is over. */
    type: "epoch";
    /** The epoch, from 1. */
    epoch: number;
    /** Over the training examples, each measured just before its step, under dropout if any. */
    train: Metrics;
    /** Over the validation examples, after the epoch. */
    validation?: Metrics;
    /** Over the held-out examples, after the epoch. */
    test?: Metrics;
    /** The learning rate of its last step. */
    learningRate: number;
    /** Whether the model has this epoch's weights now: always, save where validation was worse. */
    kept: boolean;
  }
  | {
    /** The moment to save; see `checkpointEvery`. */
    type: "checkpoint";
    /** All that is needed to go on. */
    checkpoint: Checkpoint;
  }
  | {
    /** Training ended before its last epoch, and the model has its weights. */
    type: "stopped";
    /** On request, or as nothing has become better for long enough. */
    reason: "request" | "patience";
    /** The epoch, from 1. */
    epoch: number;
    /** How many examples of it are done; of a language model, how many symbols. */
    done: number;
    /** The epoch whose weights the model has, where validation chose; else none. */
    best?: number;
  };

const PROGRESS_INTERVAL = 100; // milliseconds
const CHECK_INTERVAL = 256; // steps whose losses wait on the device, as each read stalls it
const MAX_WAITING = 2 ** 22; // numbers of their logits, 16 MB

/**
 * Trains a model by gradient descent, in place.
 *
 * After every epoch, and every 256 steps within one, losses and weights are read and checked, and
 * the model gets the weights: it always has the last good ones. With validation examples it gets,
 * once they were measured, the best.
 *
 * All that it has on the device is freed at the end, by an error, and where the iterator is left or
 * its `return()` called.
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
 * const model = createModel(examples, { cell: "gru", hidden: 16 });
 * const options = { optimizer: { name: "adam" }, epochs: 200 } as const;
 * let accuracy = 0;
 * for await (const event of train(createCpuBackend(), model, examples, options)) {
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
  const settled = settleOptions(options, model.task);
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const { validation = [], test = [], resume, signal, checkpointEvery } = options;
  const encode = (set: readonly Example[]) => encodeExamples(model, set);
  const sets = { examples: encode(examples), validation: encode(validation), test: encode(test) };
  const lesson = lessonOf(model, sets, settled, placeOf(examples));
  if (resume) checkResume(resume, model, settled, lesson.sum);
  return run(opsOf(backend), model, lesson, settled, { resume, signal, checkpointEvery });
}

function lessonOf(model: Model, sets: Sets, options: SettledOptions, place: string): Lesson {
  switch (model.task) {
    case "language-model":
      return documentLesson(model, sets, options, place);
    case "translate":
      return pairLesson(model, sets, options);
    default:
      return textLesson(model, sets, options);
  }
}

async function* run(
  ops: Ops,
  model: Model,
  lesson: Lesson,
  options: SettledOptions,
  { resume, signal, checkpointEvery = Infinity }: Pick<
    TrainOptions,
    "resume" | "signal" | "checkpointEvery"
  >,
): AsyncGenerator<TrainEvent, void, void> {
  const { epochs, shuffle, seed, optimizer, schedule } = options;
  const clipping = clippingOf(options);
  const patience = options.patience ?? Infinity;
  const progress = { ...(resume?.progress ?? startProgress()) };
  let trained = upload(ops, resume?.model ?? model, options, resume);
  const learner = orFree(ops, trained, () => lesson.begin(ops, resume?.carried));
  const { labelWeights } = learner;

  let best = resume?.best;
  if (resume) model.weights = best ?? resume.model.weights;
  let waiting: Step[] = []; // steps whose losses are still on the device
  let lastProgress = Date.now();

  /** Reads and checks what the steps have left; gives what training has now. */
  const check = async (): Promise<Read> => {
    const steps = waiting;
    waiting = [];
    // What the optimiser keeps is read only where it is asked for, and so is what is carried.
    const isAsked = checkpointEvery < Infinity;
    const { weights, slots } = trained;
    const asked = {
      weights,
      slots: isAsked ? slots : {},
      carried: isAsked ? learner.carried() : {},
    };
    const before = progress.batches - steps.reduce((sum, { count }) => sum + count, 0);
    const read = await readSteps(ops, asked, steps, (step) => {
      return `epoch ${progress.epoch}, step ${before + step}`;
    });
    for (const { losses, right, targets } of read.steps) {
      for (const [i, label] of targets.entries()) {
        const weight = labelWeights?.[label] ?? 1;
        progress.loss += weight * losses[i];
        progress.weight += weight;
      }
      progress.right += right;
      progress.targets += targets.length;
    }
    if (!best && steps.length > 0) model.weights = read.weights;
    return read;
  };
  const checkpointOf = ({ weights, slots, carried }: Read): TrainEvent => ({
    type: "checkpoint",
    checkpoint: {
      model: { ...model, weights },
      best,
      slots,
      progress: { ...progress },
      options,
      examples: lesson.sum,
      // Each epoch begins with nothing.
      ...(progress.batches > 0 && Object.keys(carried).length > 0 ? { carried } : {}),
    },
  });

  try {
    while (progress.epoch <= epochs) {
      const { epoch } = progress;
      const order = shuffle ? new Random(seed, STREAMS.order, epoch) : undefined;
      const { sizes, steps } = learner.epoch(order);
      if (resume) checkPosition(progress, sizes.length);
      const sizeOf = (some: readonly number[]) => some.reduce((sum, size) => sum + size, 0);
      const of = sizeOf(sizes);
      let done = sizeOf(sizes.slice(0, progress.batches));
      let learningRate = options.learningRate;
      if (progress.batches === 0 && epoch - 1 - progress.gainEpoch >= patience) {
        yield stopped("patience", epoch - 1, of, best && progress.bestEpoch);
        return;
      }
      while (progress.batches < sizes.length && !signal?.aborted) {
        const rateOf = (batch: number, t: number) => {
          const whole = (epoch - 1 + batch / sizes.length) / epochs;
          return options.learningRate * rateFactor(schedule, t, epoch, whole, progress.cuts);
        };
        const count = Math.min(
          learner.atOnce,
          CHECK_INTERVAL - waiting.reduce((sum, { count }) => sum + count, 0),
          sizes.length - progress.batches,
          checkpointEvery - progress.steps % checkpointEvery,
        );
        const t = progress.steps + 1;
        const rates = Array.from({ length: count }, (_, i) => rateOf(progress.batches + i, t + i));
        learningRate = rates[rates.length - 1];
        const making = steps(trained, progress.batches, { optimizer, clipping, rates, t, seed });
        const made = making instanceof Promise ? await making : making;
        trained = made;
        waiting.push(made);
        done += sizeOf(sizes.slice(progress.batches, progress.batches + count));
        progress.batches += count;
        progress.steps += count;
        const isDue = progress.steps % checkpointEvery === 0 && progress.batches < sizes.length;
        if (isFull(waiting) || isDue) {
          const checked = await check();
          if (isDue) yield checkpointOf(checked);
        }
        if (Date.now() - lastProgress >= PROGRESS_INTERVAL) {
          yield { type: "progress", epoch, done, of };
          lastProgress = Date.now();
        }
      }
      const checked = await check();
      if (progress.batches < sizes.length) {
        if (checkpointEvery < Infinity) yield checkpointOf(checked);
        yield stopped("request", epoch, done, best && progress.bestEpoch);
        return;
      }
      const loss = progress.loss / progress.weight;
      const event: TrainEvent = {
        type: "epoch",
        epoch,
        train: { loss, accuracy: progress.right / progress.targets },
        learningRate,
        kept: true,
      };
      const measured = async (measure: Measure, what: string) => {
        const { loss, accuracy, exact } = await measure(trained.weights);
        requireFinite(loss, `epoch ${epoch}: the ${what} loss`);
        return { loss, accuracy, ...(exact === undefined ? {} : { exact }) };
      };
      if (learner.validation) event.validation = await measured(learner.validation, "validation");
      if (learner.test) event.test = await measured(learner.test, "held-out");

      event.kept = watchLoss(progress, event.validation?.loss ?? loss, schedule) ||
        !event.validation;
      if (event.validation && event.kept) best = checked.weights;
      if (best) model.weights = best;
      nextEpoch(progress);
      yield event;
      if (checkpointEvery < Infinity) yield checkpointOf(checked);
    }
  } finally {
    ops.dispose([
      ...Object.values(trained.weights),
      ...Object.values(trained.slots),
      ...waiting.flatMap(({ losses, logits }) => [losses, logits]),
    ]);
    learner.dispose();
  }
}

function stopped(
  reason: "request" | "patience",
  epoch: number,
  done: number,
  best: number | undefined,
): TrainEvent {
  return { type: "stopped", reason, epoch, done, best };
}

/** Weights, and what the optimiser keeps: the checkpoint's, or zeros. */
function upload(
  ops: Ops,
  model: Model,
  { optimizer }: SettledOptions,
  resume?: Checkpoint,
): Trained<Tensor> {
  const trained: Trained<Tensor> = { weights: uploadWeights(ops, model), slots: {} };
  return orFree(ops, trained, () => {
    const { weights, slots } = trained;
    for (const [name, { shape }] of Object.entries(weights)) {
      if (name === "embedding" && model.config.frozen) continue;
      for (const slot of slotNames(optimizer)) {
        const key = `${slot}.${name}`;
        slots[key] = resume ? ops.tensor(resume.slots[key], shape) : ops.zeros(shape);
      }
    }
    return trained;
  });
}

/** What `fn` gives; where it fails, what is trained is freed. */
function orFree<T>(ops: Ops, { weights, slots }: Trained<Tensor>, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    ops.dispose([...Object.values(weights), ...Object.values(slots)]);
    throw error;
  }
}

/** Whether as many steps wait as may. */
function isFull(waiting: readonly Step[]): boolean {
  let steps = 0, numbers = 0;
  for (const { count, logits } of waiting) {
    steps += count;
    numbers += logits.shape[0] * logits.shape[1];
  }
  return steps >= CHECK_INTERVAL || numbers >= MAX_WAITING;
}

/** What was read of a training. */
interface Read extends Trained<FloatArray> {
  /** What goes from batch to batch besides the weights. */
  carried: Weights<FloatArray>;
  /** Of each step. */
  steps: { losses: number[]; right: number; targets: number[] }[];
}

/** What some steps left on the device, in one read. */
async function readSteps(
  ops: Ops,
  { weights, slots, carried }: Trained<Tensor> & { carried: Weights<Tensor> },
  steps: readonly Step[],
  place: (step: number) => string,
): Promise<Read> {
  const tensors = [weights, slots, carried].flatMap((all) => Object.values(all));
  let all: Tensor[] = [];
  let reading: Promise<FloatArray[]>;
  try {
    if (steps.length > 0) {
      const parts = [steps.map((step) => step.losses), steps.map((step) => step.logits)];
      all = ops.scope(() => parts.map((some) => ops.concatRows(some)));
    }
    reading = ops.read([...all, ...tensors]);
  } finally {
    ops.dispose([...all, ...steps.flatMap((step) => [step.losses, step.logits])]);
  }
  const values = await reading;
  const [l, y] = steps.length > 0 ? values.splice(0, 2) : [];

  let row = 0;
  let made = 0;
  const read = steps.map(({ targets, count }) => {
    const result = { losses: [] as number[], right: 0, targets: [] as number[] };
    const first = made + 1;
    made += count;
    for (const [i, label] of targets.entries()) {
      if (label >= 0) {
        if (!Number.isFinite(l[row])) {
          requireFinite(l[row], `${place(count > 1 ? first + i : made)}: the loss`);
        }
        result.losses.push(l[row]);
        result.targets.push(label);
        if (argmax(y, row, all[1].shape[1]) === label) result.right++;
      }
      row++;
    }
    return result;
  });
  let at = 0;
  const take = (_: Tensor, name: string) => {
    const numbers = values[at++];
    let bad = 0;
    for (let i = 0; i < numbers.length; i++) if (!Number.isFinite(numbers[i])) bad = numbers[i];
    requireFinite(bad, `${place(made)}: a number of ${name}`);
    return numbers;
  };
  return {
    weights: mapWeights(weights, take),
    slots: mapWeights(slots, take),
    carried: mapWeights(carried, take),
    steps: read,
  };
}

function requireFinite(value: number, what: string): void {
  if (Number.isFinite(value)) return;
  throw new DivergedError(
    `${what} became ${value}; try a smaller learning rate, a smaller clip or a larger batch`,
  );
}
