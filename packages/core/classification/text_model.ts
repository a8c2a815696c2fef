/**
 * Parts that all models with one output for a whole text have in common.
 *
 * @module
 */
import { InputError } from "../errors.ts";
import type { AnyModel, Shell } from "../model.ts";
import { type NetworkConfig, networkConfig } from "../network/config.ts";
import { poolingOf } from "../network/head.ts";
import { weightShapes } from "../network/shapes.ts";
import { fromTorch, torchShapes, toTorch } from "../network/torch_names.ts";
import type { Task, TaskFile } from "../task.ts";

/** Throws if the head has an output for each word. */
export function requirePooled(options: Partial<NetworkConfig>): void {
  const { head } = options;
  if (poolingOf(networkConfig({ head }))?.isPerStep !== true) return;
  throw new InputError(
    `the head must be last, mean, max or mean-max, because each text has one answer, got ${head}`,
  );
}

/** Returns a task's function for the shapes of the weights, given the number of outputs. */
export function textShapes<M extends AnyModel>(
  outputs: (model: Shell<M>) => number,
): Task<M>["shapes"] {
  return (model) => weightShapes(model.config, model.vocabulary.length, outputs(model));
}

/** Returns a task's functions for weights under PyTorch's names, given the number of outputs. */
export function textTensors<M extends AnyModel>(
  outputs: (model: Shell<M>) => number,
): Pick<TaskFile<M>, "torchShapes" | "toTorch" | "fromTorch"> {
  return {
    torchShapes: (model) => torchShapes(model.config, model.vocabulary.length, outputs(model)),
    toTorch: ({ config }, weights) => toTorch(config, weights),
    fromTorch: ({ config }, data) => fromTorch(config, data),
  };
}
