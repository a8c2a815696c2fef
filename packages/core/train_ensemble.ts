/**
 * Training an ensemble: networks that differ by their seeds alone, in one model.
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

/** What an ensemble is made of. */
export interface EnsembleOptions<M extends AnyModel> {
  /** How many networks it has. */
  networks: number;
  /** An untrained model like the one that is given, with the first weights of another seed. */
  create(seed: number): M | Promise<M>;
}

/**
 * Trains an ensemble, in place: networks with the seeds s, s + 1, … one after another, each as
 * {@linkcode train} does it. The model answers by the mean of their outputs, which of logits is the
 * geometric mean of their probabilities: differences that chance has made cancel (Hansen and Salamon
 * 1990).
 *
 * Until the end the model has the network under way alone; where training is stopped or fails, it has
 * those that are finished, or the first as far as it is. A checkpoint has all of them.
 *
 * @throws {InputError} As `train`, for models of a task that has no ensembles, and for a checkpoint of
 *   another ensemble.
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
  /** The weights of the networks that are finished, and of those so far before their refit. */
  done: Weights<FloatArray>[];
  early: Weights<FloatArray>[];
  /** The training of a network with weights of its own. */
  next(k: number): Promise<AsyncGenerator<TrainEvent<M>, void, void>>;
}

/** The trainings of all networks, one after another. */
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
          // What is chosen on the validation examples is chosen with networks that lack them.
          if (isLast) giveNetworks(model, [...early, model.weights]);
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
    if (done.length > 0) giveNetworks(model, done);
  }
}

/** Gives a model these networks. */
function giveNetworks(model: AnyModel, networks: readonly Weights<FloatArray>[]): void {
  const ensemble = [...networks];
  model.weights = ensemble.pop()!;
  if (ensemble.length > 0) model.ensemble = ensemble;
}

/** A checkpoint of one network, with the others. */
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

/** The checkpoint of the network under way alone. */
function withoutOthers({ early: _, ...checkpoint }: Checkpoint): Checkpoint {
  const { ensemble: __, ...model } = checkpoint.model;
  return { ...checkpoint, model };
}

/** Throws for a checkpoint of another run than this one. */
function requireSameRun(
  { model, early = [], progress, options }: Checkpoint,
  networks: number,
  { epochs, refit }: Pick<TrainOptions, "epochs" | "refit">,
): void {
  const done = model.ensemble?.length ?? 0;
  if (done >= networks) {
    throw new InputError(
      `the checkpoint is of an ensemble of more than ${networks} networks; give the same number`,
    );
  }
  if (networks > 1 && epochs !== undefined && epochs !== options.epochs) {
    throw new InputError(
      `the networks of an ensemble have ${options.epochs} epochs at most in the checkpoint, got ` +
        `${epochs}; give the same, or start over`,
    );
  }
  const isOver = done === networks - 1 && progress.refit !== undefined;
  const expected = !refit || isOver ? 0 : done + (progress.refit === undefined ? 0 : 1);
  if (early.length !== expected) {
    throw new InputError(
      `the checkpoint is damaged: it has the early weights of ${early.length} networks instead of ` +
        `${expected}`,
    );
  }
}
