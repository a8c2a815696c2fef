/**
 * Calibration of multi-label models: a linear baseline, and a mix of the network with it.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import { fitLabelSets } from "./baseline/fit_linear.ts";
import type { LinearClassifier } from "./baseline/linear.ts";
import { fitMix, type Mix } from "./baseline/mixing.ts";
import { type CalibrateOptions, FEWEST_VALIDATED } from "./calibrate_labels.ts";
import { requireBoolean, requireOptions } from "./checks.ts";
import { calibrationError } from "./classification/certainty.ts";
import type { LabelCalibration } from "./classification/combine.ts";
import { labelIds } from "./classification/encode.ts";
import type { Example } from "./data/examples.ts";
import { combineLogits } from "./multi_label/combine.ts";
import { labelsIn } from "./multi_label/labels.ts";
import type { MultiLabelModel } from "./multi_label/model.ts";
import { createPredictor } from "./predictor.ts";
import { firstItems, type Sequence } from "./sequence.ts";

const MOST = 5000; // validation examples
const TOGETHER = 1000; // texts per call of predict()

/**
 * Adds to a trained multi-label model, in place, a linear baseline fitted to the same examples,
 * with one classifier per label, and weights for mixing network and baseline, fitted to the
 * validation examples: p = sigmoid(a z_network + b z_linear). Choose thresholds afterwards.
 *
 * @param examples The examples that the model was trained on.
 * @returns How predictions are now computed; undefined if there are fewer than 10 validation
 *   examples.
 *
 * @example
 * ```ts
 * import { calibrateLabelSets, createMultiLabelClassifier, evaluate, fit } from "@unroll/core";
 * import { createCpuBackend } from "@unroll/backend-cpu";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "cheap and good", label: "price;quality" }, { text: "bad", label: "" }];
 * const model = createMultiLabelClassifier(examples), backend = createCpuBackend();
 * await fit(backend, model, examples, { epochs: 2 });
 * const validation = Array.from({ length: 40 }, (_, i) => examples[i % 2]);
 * const calibration = await calibrateLabelSets(backend, model, examples, { validation });
 * assertEquals(calibration?.examples, 40);
 * assertEquals((await evaluate(backend, model, examples)).alone?.linear?.exact, 1);
 * ```
 */
export async function calibrateLabelSets(
  backend: Backend,
  model: MultiLabelModel,
  examples: Sequence<Example>,
  options: CalibrateOptions = {},
): Promise<LabelCalibration | undefined> {
  requireOptions("calibrateLabelSets()", options, ["validation", "mix"]);
  const { validation = [], mix = true } = options;
  requireBoolean("mix", mix);
  delete model.calibration;
  delete model.linear;
  const linear = fitLinearLabels(model, examples);
  const some = firstItems(validation, MOST), texts = some.map(({ text }) => text);
  const network = new Float64Array(texts.length * model.labels.length);
  const predictor = createPredictor(backend, model);
  try {
    for (let from = 0; from < texts.length; from += TOGETHER) {
      const found = await predictor.predict(texts.slice(from, from + TOGETHER));
      network.set(found.flatMap(({ logits }) => logits), from * model.labels.length);
    }
  } finally {
    predictor.close();
  }
  model.linear = linear;
  if (some.length < FEWEST_VALIDATED) return undefined;
  const idsOf = labelSetIds(model), classes = model.labels.length;
  const isThere = new Int32Array(network.length);
  for (const [i, { label = "" }] of some.entries()) {
    for (const id of idsOf(label)) isThere[i * classes + id] = 1;
  }
  const other = combineLogits({ linear }, network, texts).linear!;
  const chosen = fitMix({
    network: lnBoth(network),
    linear: mix ? lnBoth(other) : undefined,
    labels: isThere,
  });
  const errorOf = ({ network: a, linear: b }: Mix) =>
    calibrationError(network.map((z, k) => 1 / (1 + Math.exp(-a * z - b * other[k]))), isThere);
  model.calibration = {
    ...chosen,
    examples: some.length,
    error: { before: errorOf({ network: 1, linear: 0 }), after: errorOf(chosen) },
  };
  return model.calibration;
}

/**
 * Fits the linear baseline of a multi-label model to examples.
 *
 * @example
 * ```ts
 * import { createMultiLabelClassifier, fitLinearLabels } from "@unroll/core";
 * import { assertEquals } from "@std/assert";
 *
 * const examples = [{ text: "cheap and good", label: "price;quality" }, { text: "bad", label: "" }];
 * const model = createMultiLabelClassifier(examples);
 * model.linear = fitLinearLabels(model, examples);
 * assertEquals(model.linear.bias.length, 2);
 * ```
 */
export function fitLinearLabels(
  model: Pick<MultiLabelModel, "labels" | "separator">,
  examples: Sequence<Example>,
): LinearClassifier {
  return fitLabelSets(examples, model.labels, labelSetIds(model));
}

/** Returns a function from an example's label to the ids of those labels that the model knows. */
function labelSetIds(
  { labels, separator }: Pick<MultiLabelModel, "labels" | "separator">,
): (label: string) => number[] {
  const idOf = labelIds(labels), { split } = labelsIn(separator);
  return (label) => split(label).map(idOf).filter((id) => id !== undefined);
}

/** For each logit, the log-probabilities that the label is absent and that it is present. */
function lnBoth(logits: Float64Array): Float64Array<ArrayBuffer> {
  return Float64Array.from({ length: 2 * logits.length }, (_, k) => {
    const z = k % 2 === 0 ? -logits[k >> 1] : logits[k >> 1];
    return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
  });
}
