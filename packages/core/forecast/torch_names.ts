/**
 * Converts the weights of forecasters to PyTorch's names and shapes, and back: `segment` and `head`
 * are `torch.nn.Linear`, `known` is one without a bias, `rnn` has the recurrent layers, `position`
 * and `column` are `torch.nn.Embedding`.
 *
 * @module
 */
import type { FloatArray } from "../backend.ts";
import {
  headFromTorch,
  headToTorch,
  stackFromTorch,
  stackTorchShapes,
  stackToTorch,
  type StoredTensor,
  transposed,
  untransposed,
} from "../network/torch_names.ts";
import { mapWeights, type Weights } from "../network/weights.ts";
import type { ForecastForm } from "./form.ts";
import { forecastShapes } from "./network.ts";

const TABLES = { positions: "position.weight", columns: "column.weight" };

/** Returns the shape of each tensor by PyTorch's name. */
export function forecastTorchShapes(form: ForecastForm): Record<string, number[]> {
  const shapes = forecastShapes(form);
  const turned = (name: string) => [...shapes[name]].reverse();
  return {
    "segment.weight": turned("We"),
    "segment.bias": [form.config.hidden],
    ...stackTorchShapes(form.config, form.config.hidden),
    ...mapWeights(tablesOf(form), (weight) => [...shapes[weight]]),
    ...(shapes.Wk ? { "known.weight": turned("Wk") } : {}),
    "head.weight": turned("Why"),
    "head.bias": [shapes.by[1]],
  };
}

/** Returns the embedding tables of a model by PyTorch's names. */
function tablesOf(form: ForecastForm): Record<string, keyof typeof TABLES> {
  const shapes = forecastShapes(form);
  const own = (["positions", "columns"] as const).filter((name) => shapes[name]);
  return Object.fromEntries(own.map((name) => [TABLES[name], name]));
}

/** Converts weights to PyTorch's names and shapes. */
export function forecastToTorch(
  form: ForecastForm,
  weights: Weights<FloatArray>,
): Record<string, StoredTensor> {
  const { hidden } = form.config, shapes = forecastShapes(form);
  return {
    "segment.weight": transposed(weights.We, hidden),
    "segment.bias": { shape: [hidden], data: weights.be },
    ...stackToTorch(form.config, weights),
    ...mapWeights(tablesOf(form), (name) => ({ shape: shapes[name], data: weights[name] })),
    ...(weights.Wk ? { "known.weight": transposed(weights.Wk, hidden) } : {}),
    ...headToTorch(weights),
  };
}

/** Converts weights from PyTorch's names and shapes. */
export function forecastFromTorch(
  form: ForecastForm,
  data: (tensor: string) => FloatArray,
): Weights<FloatArray> {
  const { hidden } = form.config;
  const own: Weights<FloatArray> = {
    We: untransposed(data("segment.weight"), hidden),
    be: data("segment.bias"),
    ...stackFromTorch(form.config, data),
  };
  for (const [tensor, name] of Object.entries(tablesOf(form))) own[name] = data(tensor);
  if (forecastShapes(form).Wk) own.Wk = untransposed(data("known.weight"), hidden);
  return { ...own, ...headFromTorch(data) };
}
