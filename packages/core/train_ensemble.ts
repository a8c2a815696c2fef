/**
 * Trains ensembles: networks that differ only in their seeds, in one model.
 *
 * @module
 */
import type { Backend, FloatArray } from "./backend.ts";
import { requireInteger } from "./checks.ts";
import { InputError } from "./errors.ts";
import type { AnyModel, ExampleOf } from "./model.ts";
import type { Weights } from "./network/weights.ts";
import type { Sequence } from "./sequence.ts";
import { taskOf, type TaskOptions } from "./tasks.ts";
import { train } from "./train.ts";
import type { Checkpoint } from "./training/checkpoint.ts";
import type { TrainEvent } from "./training/events.ts";
import type { TrainOptions } from "./training/options.ts";

/** The options of an ensemble. */
export interface EnsembleOptions<M extends AnyModel> {
  /** The number of networks. */
  networks: number;
  /** Creates an untrained model like the given one, with initial weights from another seed. */
  create(seed: number): M | Promise<M>;
}

/**
 * Trains an ensemble, in place: networks with the seeds s, s + 1, … one after another, each like
 * {@linkcode train}. The model predicts from the mean of their outputs; for logits, that is the
 * geometric mean of their probabilities. Random differences between the networks cancel out (Hansen
 * and Salamon 1990).
 *
 * Until the end, the model has only the network in training; if training is stopped or fails, it
 * has the finished networks, or the first one as far as it is trained. A checkpoint has all of
 * them.
 *
 * @throws {InputError} As for `train`; also if the model's task has no ensembles, or the checkpoint
 *   is from a different ensemble.
 *
 * @example
 * ```ts
 * import { createModel, predict, trainEnsemble } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "good", label: "up" }, { text: "bad", label: "down" }];
 * const create = (seed: number) => createModel(examples, { cell: "gru", hidden: 8, seed });
 * const model = create(1), backend = createCpuBackend();
 * const options = { networks: 3, create, epochs: 50, optimizer: { name: "adam" } } as const;
 * const seeds: number[] = [];
 * for await (const event of trainEnsemble(backend, model, examples, options)) {
 *   if (event.type === "network") seeds.push(event.seed);
 * }
 * assertEquals([seeds, model.ensemble?.length], [[1, 2, 3], 2]);
 * assertEquals((await predict(backend, model, ["bad"]))[0].label, "down");
 * ```
 */
export function trainEnsemble<M extends AnyModel>(
  backend: Backend,
  model: M,
  examples: Sequence<ExampleOf<M>>,
  { networks, create, ...options }:
    & TrainOptions<ExampleOf<M>>
    & TaskOptions
    & EnsembleOptions<M>,
): AsyncGenerator<TrainEvent<M>, void, void> {
  requireInteger("the number of networks", networks, 1);
  const { ensembles, models } = taskOf(model, options.tasks);
  if (!ensembles) throw new InputError(`${models} cannot be an ensemble; train one network`);
  const { seed: first = 1, resume, epochs, refit } = options;
  if (resume) requireSameRun(resume, networks, { epochs, refit });
  const done = [...resume?.model.ensemble ?? []], early = [...resume?.early ?? []];
  delete model.ensemble;
  const seedOf = (k: number) => first + k;
  const start = (k: number, resume?: Checkpoint) =>
    train(backend, model, examples, { ...options, seed: seedOf(k), resume });
  return trainAll(model, start(done.length, resume && withoutOthers(resume)), {
    ...{ networks, seedOf, done, early },
    async next(k) {
      model.weights = (await create(seedOf(k))).weights;
      return start(k);
    },
  });
}

/** An ensemble in training. */
interface EnsembleRun<M extends AnyModel> {
  networks: number;
  seedOf(k: number): number;
  /** The weights of the finished networks. */
  done: Weights<FloatArray>[];
  /** The weights that the networks so far had before their refit. */
  early: Weights<FloatArray>[];
  /** Starts the training of a network with its own initial weights. */
  next(k: number): Promise<AsyncGenerator<TrainEvent<M>, void, void>>;
}

/** Trains all networks, one after another. */
async function* trainAll<M extends AnyModel>(
  model: M,
  training: AsyncGenerator<TrainEvent<M>, void, void>,
  { networks, seedOf, done, early, next }: EnsembleRun<M>,
): AsyncGenerator<TrainEvent<M>, void, void> {
  try {
    for (let k = done.length; k < networks; k++) {
      const isLast = k === networks - 1;
      yield { type: "network", network: k + 1, of: networks, seed: seedOf(k) };
      for await (const event of training) {
        if (event.type === "checkpoint") {
          const { checkpoint } = event, isOver = isLast && checkpoint.progress.refit;
          yield { ...event, checkpoint: withOthers(checkpoint, done, isOver ? [] : early) };
        } else if (event.type === "refit") {
          // Choices based on the validation examples must use networks not trained on them.
          if (isLast) setNetworks(model, [...early, model.weights]);
          else early.push(model.weights);
          yield isLast ? event : { ...event, isPart: true };
          delete model.ensemble;
        } else yield event;
        if (event.type === "stopped" && event.reason === "request") return;
      }
      done.push(model.weights);
      if (!isLast) training = await next(k + 1);
    }
  } finally {
    if (done.length > 0) setNetworks(model, done);
  }
}

/** Sets the networks of a model. */
function setNetworks(model: AnyModel, networks: readonly Weights<FloatArray>[]): void {
  const ensemble = [...networks];
  model.weights = ensemble.pop()!;
  if (ensemble.length > 0) model.ensemble = ensemble;
}

/** Adds the other networks to a checkpoint of one network. */
function withOthers<M extends AnyModel>(
  checkpoint: Checkpoint<M>,
  done: readonly Weights<FloatArray>[],
  early: readonly Weights<FloatArray>[],
): Checkpoint<M> {
  const ensemble = done.length > 0 ? { ensemble: [...done] } : {};
  return {
    ...checkpoint,
    model: { ...checkpoint.model, ...ensemble },
    ...(early.length > 0 ? { early: [...early] } : {}),
  };
}

/** Removes the other networks from a checkpoint, leaving the network in training. */
function withoutOthers({ early: _, ...checkpoint }: Checkpoint): Checkpoint {
  const { ensemble: __, ...model } = checkpoint.model;
  return { ...checkpoint, model };
}

/** Throws unless a checkpoint belongs to this run. */
function requireSameRun(
  { model, early = [], progress, options }: Checkpoint,
  networks: number,
  { epochs, refit }: Pick<TrainOptions, "epochs" | "refit">,
): void {
  const done = model.ensemble?.length ?? 0;
  if (done >= networks) {
    throw new InputError(
      `the checkpoint is from an ensemble of more than ${networks} networks; use the same number`,
    );
  }
  if (networks > 1 && epochs !== undefined && epochs !== options.epochs) {
    throw new InputError(
      `in the checkpoint, each network of the ensemble has at most ${options.epochs} epochs, got ` +
        `${epochs}; use the same number, or start over`,
    );
  }
  const isOver = done === networks - 1 && progress.refit !== undefined;
  const expected = !refit || isOver ? 0 : done + (progress.refit === undefined ? 0 : 1);
  if (early.length !== expected) {
    throw new InputError(
      `the checkpoint is damaged: it has pre-refit weights of ${early.length} networks instead ` +
        `of ${expected}`,
    );
  }
}
