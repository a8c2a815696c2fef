/**
 * The regression task: predict a number for a text.
 *
 * @module
 */
import { labelReader } from "../classification/encode.ts";
import { tokenizerOf } from "../classification/task.ts";
import { textShapes, textTensors } from "../classification/text_model.ts";
import type { Shell } from "../model.ts";
import { poolingOf } from "../network/head.ts";
import { NUMBER_LOSSES, type NumberLossName } from "../network/losses/losses.ts";
import { quote } from "../printable.ts";
import type { Fail, Metadata, Task } from "../task.ts";
import { encodeNumbers } from "./encode.ts";
import type { RegressionModel } from "./model.ts";
import { ONE_NUMBER } from "./number.ts";
import {
  evaluateNumbers,
  type NumberPrediction,
  predictNumbers,
  type RegressionEvaluation,
} from "./predict.ts";
import type { NumberScale } from "./scale.ts";
import { regressionTraining } from "./training.ts";

/** The regression task, of the models that `createRegressor` creates. */
export const regression: Task<RegressionModel, NumberPrediction, never, RegressionEvaluation> = {
  name: "regression",
  models: "regression models",
  usage: "this is a regression model; use predict()",
  ensembles: true,
  trainOptions: ["fineTuning"],
  shapes: /* @__PURE__ */ textShapes(() => 1),
  encode: encodeNumbers,
  training: regressionTraining,
  predict: predictNumbers,
  evaluate: evaluateNumbers,
  reader: /* @__PURE__ */ labelReader(ONE_NUMBER),
  file: {
    claims: (task, config) => task === regression.name && !poolingOf(config).isPerStep,
    minLabels: 0,
    keys: ["tokenizer", "loss", "scale", "ridge"],
    metadata: ({ tokenizer, loss, scale, ridge }) => ({
      task: regression.name,
      tokenizer: JSON.stringify(tokenizer),
      loss,
      scale: JSON.stringify(scale),
      ...(ridge ? { ridge: "true" } : {}),
    }),
    read: (header, metadata, fail) => ({
      task: "regression",
      ...header,
      tokenizer: tokenizerOf(metadata, fail),
      loss: lossOf(metadata, fail),
      scale: scaleIn(metadata, fail),
      ...(metadata.text("ridge") === "true" ? { ridge: new Float32Array(0) } : {}),
    }),
    companions: {
      shapes: ridgeShapes,
      tensors: (model) =>
        Object.fromEntries(
          Object.entries(ridgeShapes(model)).map(([name, shape]) => [
            name,
            { shape, data: model.ridge! },
          ]),
        ),
      read: ({ ridge }, data) => ridge ? { ridge: Float32Array.from(data("ridge.weight")) } : {},
    },
    .../* @__PURE__ */ textTensors<RegressionModel>(() => 1),
  },
};

/** Returns the shape of the linear map's tensor: a `torch.nn.Linear` without bias. */
function ridgeShapes({ ridge, vocabulary }: Shell<RegressionModel>): Record<string, number[]> {
  return ridge ? { "ridge.weight": [1, vocabulary.length] } : {};
}

/** Reads the loss that a file's model was trained with. */
export function lossOf(metadata: Metadata, fail: Fail): NumberLossName {
  const loss = metadata.text("loss");
  return NUMBER_LOSSES.find((name) => name === loss) ??
    fail(`is trained with an unknown loss, ${quote(loss)}; update Unroll`);
}

/** Reads and checks the scale of a file's model. */
export function scaleIn(metadata: Metadata, fail: Fail): NumberScale {
  const value = Object(metadata.json("scale")) as NumberScale;
  const { mean, deviation, median } = value;
  if ([mean, deviation, median].every(Number.isFinite) && deviation > 0) {
    return { mean, deviation, median };
  }
  return fail("is damaged: its scale should be a mean, a deviation above 0 and a median");
}
