/**
 * The description of a service's model.
 *
 * @module
 */
import { type Model, networkWeights } from "@unroll/core";
import { taskOf } from "../tasks/tasks.ts";
import type { ServeLimits } from "./limits.ts";

/** Returns the response of `GET /model`. */
export function describeModel(name: string, model: Model, limits: ServeLimits) {
  const { name: task, serve, summary } = taskOf(model);
  const weights = networkWeights(model).flatMap((each) => Object.values(each));
  return {
    name,
    task,
    ...summary(model),
    config: model.config,
    weights: weights.reduce((sum, { length }) => sum + length, 0),
    ask: serve
      ? {
        path: "/predict",
        example: serve.example(model),
        options: Object.keys(serve.options ?? {}),
      }
      : { path: "/generate", example: { prompt: "", length: 100, temperature: 0.8 } },
    limits,
  };
}
