/**
 * The training loop: shuffle, step, measure, as a stream of events.
 *
 * @module
 */
import { mapWeights } from "../network/weights.ts";
import type { FloatArray, Ops, Shape, Tensor } from "../backend.ts";
import type { AnyModel } from "../model.ts";
import { uploadAll, type Weights } from "../network/weights.ts";
import { Random, STREAMS } from "../random.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { divergenceAdvice } from "./divergence.ts";
import { checkPosition } from "./resume.ts";
import type { Metrics } from "./metrics.ts";
import { slotNames } from "./optimizer.ts";
import { clippingOf, type SettledOptions } from "./settled.ts";
import { stopped, type TrainEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";
import { nextEpoch, startProgress, watchLoss } from "./progress.ts";
import { weightRates } from "./fine_tuning.ts";
import { readSteps, requireFinite, type StepsRead } from "./read_steps.ts";
import { learningRateFactor } from "./schedule.ts";
import type { Step, Trained } from "./step.ts";
import type { Measure, TrainingTask } from "./training_task.ts";

const PROGRESS_INTERVAL = 100; // milliseconds
const CHECK_INTERVAL = 256; // steps whose losses stay on the device, as each read stalls it
const MAX_WAITING = 2 ** 22; // logits on the device that wait to be read: 16 MB

/** A model in training. */
export interface LoopModel<M extends AnyModel> {
  /** The model. */
  model: M;
  /** The shape of each of its weights. */
  shapes: Weights<Shape>;
  /** The task's part of the training. */
  task: TrainingTask;
}

/** The result of a training loop that was not stopped on request. */
export interface LoopEnd {
  /** The epoch with the lowest validation loss; without validation, the lowest training loss. */
  bestEpoch: number;
  /** The number of epochs done. */
  epochs: number;
}

/**
 * The training loop: shuffle, step, measure, as a stream of events.
 *
 * @returns The best epoch and the number of epochs; undefined if stopped on request.
 */
export async function* trainingLoop<M extends AnyModel>(
  ops: Ops,
  { model, shapes, task }: LoopModel<M>,
  options: SettledOptions,
  { resume, signal, checkpointEvery = Infinity, refit }:
    & Pick<TrainOptions, "resume" | "signal" | "checkpointEvery">
    & { refit?: number },
): AsyncGenerator<TrainEvent<M>, LoopEnd | undefined, void> {
  const { shuffle, seed, optimizer, schedule, fineTuning } = options;
  const epochs = refit ?? options.epochs;
  // A refit starts with all weights unfrozen.
  const tuning = fineTuning &&
    (refit === undefined ? fineTuning : { ...fineTuning, unfreezeEvery: 0, thawEmbedding: 0 });
  const clipping = clippingOf(options);
  const patience = refit === undefined ? options.patience ?? Infinity : Infinity;
  const inRefit = refit === undefined ? {} : { refit: true } as const;
  const begun = { ...startProgress(), ...(refit === undefined ? {} : { refit }) };
  const progress = { ...(resume?.progress ?? begun) };
  let trained = upload(ops, resume?.model ?? model, shapes, options, resume);
  const run = orFree(ops, trained, () => task.begin(ops, resume?.carriedState));
  const { labelWeights } = run;

  let best = resume?.best;
  if (resume) model.weights = best ?? resume.model.weights;
  let waiting: Step[] = []; // steps whose losses are still on the device
  let lastProgress = Date.now();

  const advise = (losses?: FloatArray) => divergenceAdvice(options, model.weights, losses);
  /** Reads and checks the results of the waiting steps; returns the current training state. */
  const check = async (): Promise<StepsRead> => {
    const steps = waiting;
    waiting = [];
    // The optimizer state and the carried state are read only if checkpoints are requested.
    const isAsked = checkpointEvery < Infinity;
    const { weights, slots } = trained;
    const asked = {
      weights,
      slots: isAsked ? slots : {},
      carriedState: isAsked ? run.carriedState() : {},
    };
    const before = progress.batches - steps.reduce((sum, { count }) => sum + count, 0);
    const place = (step: number) => `epoch ${progress.epoch}, step ${before + step}`;
    const read = await readSteps(ops, asked, steps, run.loss, place, advise);
    for (const { losses, sums, labels } of read.steps) {
      for (const [i, label] of labels.entries()) {
        const weight = labelWeights?.[label] ?? 1;
        progress.loss += weight * losses[i];
        progress.weight += weight;
      }
      progress.sums = addSums(progress.sums, sums);
      progress.targets += labels.length;
    }
    if (!best && steps.length > 0) model.weights = read.weights;
    return read;
  };
  const checkpointOf = ({ weights, slots, carriedState }: StepsRead): TrainEvent<M> => ({
    type: "checkpoint",
    checkpoint: {
      model: { ...model, weights },
      best,
      slots,
      progress: { ...progress },
      options,
      examples: task.checksum,
      // Each epoch starts without a carried state.
      ...(progress.batches > 0 && Object.keys(carriedState).length > 0 ? { carriedState } : {}),
    },
  });

  /** Yields progress while metrics are measured, and returns them; undefined on an abort. */
  async function* measured(
    measuring: ReturnType<Measure>,
    of: number,
  ): AsyncGenerator<TrainEvent<M>, Metrics | undefined> {
    if (measuring instanceof Promise) return await measuring;
    for (;;) {
      const { done, value } = await measuring.next();
      if (done) return value;
      if (signal?.aborted) return void await measuring.return(undefined as never);
      if (Date.now() - lastProgress < PROGRESS_INTERVAL) continue;
      yield { type: "progress", epoch: progress.epoch, done: of, of, ...inRefit };
      lastProgress = Date.now();
    }
  }

  try {
    while (progress.epoch <= epochs) {
      const { epoch } = progress;
      const order = shuffle ? new Random(seed, STREAMS.order, epoch) : undefined;
      const { sizes, steps } = run.epoch(order);
      if (resume) checkPosition(progress, sizes.length, run.loss);
      const sizeOf = (some: readonly number[]) => some.reduce((sum, size) => sum + size, 0);
      const of = sizeOf(sizes);
      let done = sizeOf(sizes.slice(0, progress.batches));
      const rateOf = (batch: number, t: number) => {
        const whole = (epoch - 1 + batch / sizes.length) / epochs;
        return options.learningRate *
          learningRateFactor(schedule, t, epoch, whole, progress.cuts);
      };
      let learningRate = rateOf(Math.max(0, progress.batches - 1), Math.max(1, progress.steps));
      if (progress.batches === 0 && epoch - 1 - progress.gainEpoch >= patience) {
        yield stopped("patience", epoch - 1, of, best && progress.bestEpoch);
        return { bestEpoch: progress.bestEpoch, epochs: epoch - 1 };
      }
      while (progress.batches < sizes.length && !signal?.aborted) {
        const count = Math.min(
          run.stepsPerCall,
          CHECK_INTERVAL - waiting.reduce((sum, { count }) => sum + count, 0),
          sizes.length - progress.batches,
          checkpointEvery - progress.steps % checkpointEvery,
        );
        const t = progress.steps + 1;
        const learningRates = Array.from(
          { length: count },
          (_, i) => rateOf(progress.batches + i, t + i),
        );
        learningRate = learningRates[count - 1];
        const making = steps(trained, progress.batches, {
          optimizer,
          clipping,
          learningRates,
          t,
          seed,
          rateOf: tuning && weightRates(model.config, tuning, epoch, sizes.length),
        });
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
          yield { type: "progress", epoch, done, of, ...inRefit };
          lastProgress = Date.now();
        }
      }
      const checked = await check();
      if (progress.batches < sizes.length) {
        if (checkpointEvery < Infinity) yield checkpointOf(checked);
        yield stopped("request", epoch, done, best && progress.bestEpoch);
        return undefined;
      }
      const loss = progress.loss / progress.weight;
      const event: Extract<TrainEvent<M>, { type: "epoch" }> = {
        type: "epoch",
        epoch,
        train: { loss, ...mapWeights(progress.sums, (sum) => sum / progress.targets) },
        learningRate,
        kept: true,
        ...inRefit,
      };
      for (const set of ["validation", "test"] as const) {
        const measuring = run[set]?.(trained.weights);
        if (!measuring) continue;
        const metrics = yield* measured(measuring, of);
        if (!metrics) {
          if (checkpointEvery < Infinity) yield checkpointOf(checked);
          yield stopped("request", epoch, of, best && progress.bestEpoch);
          return undefined;
        }
        requireFinite(metrics.loss, `epoch ${epoch}: the ${set} loss`, () => advise());
        event[set] = metrics;
      }

      event.kept = watchLoss(progress, event.validation?.loss ?? loss, schedule) ||
        !event.validation;
      if (event.validation && event.kept) best = checked.weights;
      if (best) model.weights = best;
      nextEpoch(progress);
      yield event;
      if (checkpointEvery < Infinity) yield checkpointOf(checked);
    }
    return { bestEpoch: progress.bestEpoch, epochs: progress.epoch - 1 };
  } finally {
    ops.dispose([
      ...Object.values(trained.weights),
      ...Object.values(trained.slots),
      ...waiting.flatMap(({ losses, outputs }) => [losses, outputs]),
    ]);
    run.dispose();
  }
}

/** Uploads the weights, and the optimizer state: the checkpoint's, or zeros. */
function upload(
  ops: Ops,
  model: AnyModel,
  shapes: Weights<Shape>,
  { optimizer }: SettledOptions,
  resume?: Checkpoint,
): Trained<Tensor> {
  const trained: Trained<Tensor> = { weights: uploadAll(ops, shapes, model.weights), slots: {} };
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

/** Returns the result of `fn`; if it throws, frees the weights and the optimizer state. */
function orFree<T>(ops: Ops, { weights, slots }: Trained<Tensor>, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    ops.dispose([...Object.values(weights), ...Object.values(slots)]);
    throw error;
  }
}

/** Whether as many steps are waiting as allowed. */
function isFull(waiting: readonly Step[]): boolean {
  let steps = 0, numbers = 0;
  for (const { count, outputs } of waiting) {
    steps += count;
    numbers += outputs.shape[0] * outputs.shape[1];
  }
  return steps >= CHECK_INTERVAL || numbers >= MAX_WAITING;
}

/** Adds sums by name. */
function addSums(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  return { ...a, ...mapWeights(b, (sum, name) => (a[name] ?? 0) + sum) };
}
