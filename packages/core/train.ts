/**
 * The training loop: shuffle, step, measure, as a stream of events.
 *
 * @module
 */
import type { Backend, FloatArray, Tensor } from "./backend.ts";
import { type Bucket, drawBatches } from "./buckets.ts";
import type { State } from "./cells/cell.ts";
import { type Checkpoint, checkResume, checksum } from "./checkpoint.ts";
import type { Example } from "./data/examples.ts";
import { DivergedError, InputError } from "./errors.ts";
import {
  argmax,
  createMeasureSet,
  handlesOf,
  measure,
  type MeasureSet,
  type Metrics,
} from "./evaluate.ts";
import { type EncodedExample, encodeExamples, type Model, uploadWeights } from "./model.ts";
import { freshStates, tensorsOf } from "./language_model/carry.ts";
import { measureDocuments } from "./language_model/measure.ts";
import { cutStreams, type StreamBatch } from "./language_model/streams.ts";
import { mapWeights, type Weights } from "./network_config.ts";
import { slotNames } from "./optimizer.ts";
import { type Ops, opsOf } from "./ops.ts";
import { nextEpoch, startProgress, watchLoss } from "./progress.ts";
import { Random, STREAMS } from "./random.ts";
import { rateFactor } from "./schedule.ts";
import { canDescend, descend, type Step, type Trained, trainStep } from "./step.ts";
import {
  type SettledOptions,
  settleLabelWeights,
  settleOptions,
  type TrainOptions,
} from "./train_options.ts";

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
    /** How many examples of it are done. */
    done: number;
    /** The epoch whose weights the model has, where validation chose; else none. */
    best?: number;
  };

const TIME_STEPS = 50; // symbols in a piece of a document
const PROGRESS_INTERVAL = 100; // milliseconds
const WORK_AT_ONCE = 2 ** 27; // multiplications, of some ten milliseconds: requests to stop wait for it
const CHECK_INTERVAL = 256; // steps whose losses wait on the device, as each read stalls it

/**
 * Trains a model by gradient descent, in place.
 *
 * After every epoch, and every 256 steps within one, losses and weights are read and checked, and
 * the model gets the weights: it always has the last good ones. With validation examples it gets,
 * once they were measured, the best.
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
  const settled = settleOptions(options);
  if (examples.length === 0) throw new InputError("there are no examples to learn from");
  const encoded = encodeExamples(model, examples);
  const validation = encodeExamples(model, options.validation ?? []);
  const test = encodeExamples(model, options.test ?? []);
  const counts = model.labels.map(() => 0);
  for (const { labels } of encoded) for (const label of labels) counts[label]++;
  const labelWeights = settleLabelWeights(settled.labelWeights, model.labels, counts);
  const sum = checksum(encoded, validation);
  const { resume, signal, checkpointEvery } = options;
  if (resume) checkResume(resume, settled, sum);
  const data = { examples: encoded, validation, test, labelWeights, sum };
  return run(opsOf(backend), model, data, settled, { resume, signal, checkpointEvery });
}

interface TrainData {
  examples: readonly EncodedExample[];
  validation: readonly EncodedExample[];
  test: readonly EncodedExample[];
  labelWeights?: readonly number[];
  sum: number;
}

async function* run(
  ops: Ops,
  model: Model,
  { examples, validation, test, labelWeights, sum }: TrainData,
  options: SettledOptions,
  { resume, signal, checkpointEvery = Infinity }: Pick<
    TrainOptions,
    "resume" | "signal" | "checkpointEvery"
  >,
): AsyncGenerator<TrainEvent, void, void> {
  const { config } = model;
  const { epochs, batchSize, shuffle, seed, optimizer, schedule } = options;
  const clipping = { value: options.clip ?? Infinity, norm: options.clipNorm ?? Infinity };
  const patience = options.patience ?? Infinity;
  const isFast = batchSize === 1 && canDescend(ops, config, { optimizer, clipping });
  const longest = examples.reduce((most, { words }) => Math.max(most, words.length), 1);
  const mostAtOnce = Math.max(1, Math.floor(WORK_AT_ONCE / (3 * longest * config.hidden ** 2)));

  const progress = { ...(resume?.progress ?? startProgress()) };
  let trained = upload(ops, resume?.model ?? model, options, resume);
  const isStream = model.task === "language-model";
  const measureOf = (set: readonly EncodedExample[]) => {
    if (set.length === 0) return undefined;
    if (isStream) return (weights: Weights<Tensor>) => measureDocuments(ops, config, weights, set);
    const own = createMeasureSet(ops, config, trained.weights, set);
    sets.push(own);
    return (weights: Weights<Tensor>) => measure(ops, config, weights, own, labelWeights);
  };
  const sets: MeasureSet[] = []; // what is on the device for that
  const measures = { validation: measureOf(validation), test: measureOf(test) };
  let carried: State[] = [];

  let best = resume?.best;
  if (resume) model.weights = best ?? resume.model.weights;
  let waiting: Step[] = []; // steps whose losses are still on the device
  let lastProgress = Date.now();

  /** Reads and checks what the steps have left; gives what training has now. */
  const check = async (): Promise<Trained<FloatArray>> => {
    const steps = waiting;
    waiting = [];
    // What the optimiser keeps is read only where it is asked for.
    const asked = checkpointEvery < Infinity ? trained : { ...trained, slots: {} };
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
  const checkpointOf = ({ weights, slots }: Trained<FloatArray>): TrainEvent => ({
    type: "checkpoint",
    checkpoint: {
      model: { ...model, weights },
      best,
      slots,
      progress: { ...progress },
      options,
      examples: sum,
    },
  });

  try {
    while (progress.epoch <= epochs) {
      const { epoch } = progress;
      if (progress.batches === 0 && epoch - 1 - progress.gainEpoch >= patience) {
        yield stopped("patience", epoch - 1, examples.length, best && progress.bestEpoch);
        return;
      }
      const order = shuffle ? new Random(seed, STREAMS.order, epoch) : undefined;
      const batches: (Bucket & Partial<StreamBatch>)[] = isStream
        ? cutStreams(examples, batchSize, options.timeSteps ?? TIME_STEPS)
        : drawBatches(examples, batchSize, order);
      const doneOf = (count: number) =>
        Math.min(examples.length, count * Math.min(batchSize, examples.length));
      let learningRate = options.learningRate;
      while (progress.batches < batches.length && !signal?.aborted) {
        const rateOf = (batch: number, t: number) => {
          const whole = (epoch - 1 + batch / batches.length) / epochs;
          return options.learningRate * rateFactor(schedule, t, epoch, whole, progress.cuts);
        };
        // On single sentences as many steps at once as may wait.
        const most = !isFast ? 1 : Math.min(
          mostAtOnce,
          CHECK_INTERVAL - waiting.reduce((sum, { count }) => sum + count, 0),
          batches.length - progress.batches,
          checkpointEvery - progress.steps % checkpointEvery,
        );
        const now = batches.slice(progress.batches, progress.batches + most);
        const rates = now.map((_, i) => rateOf(progress.batches + i, progress.steps + 1 + i));
        learningRate = rates[rates.length - 1];
        if (isFast) {
          const sentences = now.flatMap(({ examples }) => examples);
          trained = descend(ops, config, trained.weights, sentences, rates, clipping.value);
        } else {
          const t = progress.steps + 1;
          const [{ examples, timeSteps, fresh }] = now;
          if (fresh && carried.length === 0) {
            ops.scope(() => tensorsOf(carried = freshStates(ops, config, fresh.length)));
          }
          const settings = { optimizer, clipping, learningRate, t, labelWeights, seed };
          const stream = fresh && { states: carried, fresh };
          const step = trainStep(ops, config, trained, examples, timeSteps, {
            ...settings,
            carried: stream,
          });
          ops.dispose(tensorsOf(carried));
          carried = step.carried ?? [];
          trained = step;
        }
        waiting.push(trained as Step);
        progress.batches += now.length;
        progress.steps += now.length;
        const isDue = progress.steps % checkpointEvery === 0 && progress.batches < batches.length;
        const steps = waiting.reduce((sum, { count }) => sum + count, 0);
        if (steps === CHECK_INTERVAL || isDue) {
          const checked = await check();
          if (isDue) yield checkpointOf(checked);
        }
        if (Date.now() - lastProgress >= PROGRESS_INTERVAL) {
          const done = doneOf(progress.batches);
          yield { type: "progress", epoch, done, of: examples.length };
          lastProgress = Date.now();
        }
      }
      const checked = await check();
      if (progress.batches < batches.length) {
        if (checkpointEvery < Infinity) yield checkpointOf(checked);
        const done = doneOf(progress.batches);
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
      ops.dispose(tensorsOf(carried)); // the next epoch begins at the documents' beginning
      carried = [];
      const measured = async (
        measure: (weights: Weights<Tensor>) => Promise<Metrics>,
        what: string,
      ) => {
        const { loss, accuracy } = await measure(trained.weights);
        requireFinite(loss, `epoch ${epoch}: the ${what} loss`);
        return { loss, accuracy };
      };
      if (measures.validation) event.validation = await measured(measures.validation, "validation");
      if (measures.test) event.test = await measured(measures.test, "held-out");

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
      ...sets.flatMap(handlesOf),
      ...tensorsOf(carried),
    ]);
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
  const weights = uploadWeights(ops, model);
  const slots: Trained<Tensor>["slots"] = {};
  for (const [name, { shape }] of Object.entries(weights)) {
    if (name === "embedding" && model.config.frozen) continue;
    for (const slot of slotNames(optimizer)) {
      const key = `${slot}.${name}`;
      slots[key] = resume ? ops.tensor(resume.slots[key], shape) : ops.zeros(shape);
    }
  }
  return { weights, slots };
}

/** What some steps left on the device, in one read. */
async function readSteps(
  ops: Ops,
  { weights, slots }: Trained<Tensor>,
  steps: readonly Step[],
  place: (step: number) => string,
): Promise<
  Trained<FloatArray> & { steps: { losses: number[]; right: number; targets: number[] }[] }
> {
  const tensors = [...Object.values(weights), ...Object.values(slots)];
  let losses: Tensor[] = [], logits: Tensor[] = [];
  if (steps.length > 0) {
    losses = [ops.concatRows(steps.map((step) => step.losses))];
    logits = [ops.concatRows(steps.map((step) => step.logits))];
  }
  const reading = ops.read([...losses, ...logits, ...tensors]);
  ops.dispose([...losses, ...logits, ...steps.flatMap((step) => [step.losses, step.logits])]);
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
        if (argmax(y, row, logits[0].shape[1]) === label) result.right++;
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
  return { weights: mapWeights(weights, take), slots: mapWeights(slots, take), steps: read };
}

function requireFinite(value: number, what: string): void {
  if (Number.isFinite(value)) return;
  throw new DivergedError(
    `${what} became ${value}; try a smaller learning rate, a smaller clip or a larger batch`,
  );
}
